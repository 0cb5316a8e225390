'use client'

import { AuditLog } from '@/components/audit/AuditLog'
import { RealtimeHealth } from '@/components/health/RealtimeHealth'
import { SystemOverview } from '@/components/health/SystemOverview'
import { InviteDialog } from '@/components/people/InviteDialog'
import { PeopleView } from '@/components/people/PeopleView'
import { NewWebhookDialog } from '@/components/webhooks/NewWebhookDialog'
import { WebhookDialog } from '@/components/webhooks/WebhookDialog'
import { WebhooksView } from '@/components/webhooks/WebhooksView'
import { AppError } from '@/contracts/errors'
import { type Example, never } from '../Example'
import { connections, illSnapshot, socketRooms, wellSnapshot } from '../fixtures/health'
import { ada, admin } from '../fixtures/people'
import { accounts, auditEntries, deliveries, webhooks } from '../fixtures/system'
import { OpenButton } from '../OpenButton'
import type { Answers } from '../played/PlayedServer'

const refused = () => {
  throw new AppError('FORBIDDEN')
}
const health = (snapshot: unknown): Answers => ({
  'metrics:request': () => snapshot,
  systemMetrics: () => snapshot,
  'admin:connections': () => ({ connections, nextCursor: null, total: connections.length, silent: [] }),
  'admin:rooms': () => ({ rooms: socketRooms, nextCursor: null, total: socketRooms.length, silent: [] }),
  'diagnostics:probe': () => ({ at: wellSnapshot.at, instance: wellSnapshot.instance }),
  'diagnostics:canary': () => ({ acceptedMs: 1, committedMs: 6, publishedMs: 7 }),
  'diagnostics:echo': () => ({ sent: true }),
  session: () => ({ user: admin }),
})

const example = (id: string, title: string, answers: Answers, show: Example['show'], height = 560): Example => ({
  ...{ id, title, answers, show, height, me: admin },
})
/** What opens: its button takes no more room than it needs. */
const opening = (id: string, title: string, answers: Answers, show: Example['show']): Example => ({
  ...{ id, title, answers, show, me: admin },
})
const live = () => <RealtimeHealth />
const peoplePage = () => <PeopleView />
const hooks = () => <WebhooksView />
const log = () => <AuditLog />
const nothing = () => {}

const offline: Example = { ...example('live-offline', 'Live figures: offline', {}, live), network: 'offline' }

export const systemExamples: Example[] = [
  example('health', 'System health', health(wellSnapshot), () => <SystemOverview />),
  example('live-loading', 'Live figures: loading', { 'metrics:request': never, systemMetrics: never }, live),
  example('live-well', 'Live figures: well', health(wellSnapshot), live, 1_000),
  example('live-ill', 'Live figures: something is wrong', health(illSnapshot), live, 1_000),
  offline,
  example('people-loading', 'People: loading', { listAccounts: never }, peoplePage, 360),
  example('people', 'People', { listAccounts: () => accounts }, peoplePage),
  example('people-error', 'People: could not be loaded', { listAccounts: refused }, peoplePage, 360),
  { ...example('people-closed', 'People: for somebody who may not', {}, peoplePage, 360), me: ada },
  opening(
    'invite',
    'Inviting somebody',
    { createInvite: () => ({ url: 'https://chat.example.com/register', mailed: false }) },
    () => (
      <OpenButton label="Invite somebody">{(open, close) => <InviteDialog open={open} onClose={close} />}</OpenButton>
    ),
  ),
  example('webhooks-empty', 'Webhooks: none', { listWebhooks: () => ({ webhooks: [] }) }, hooks),
  example('webhooks', 'Webhooks: well, failing and off', { listWebhooks: () => ({ webhooks }) }, hooks),
  opening(
    'webhook-new',
    'A new webhook',
    { createWebhook: () => ({ id: 'new', secret: 'whsec_c2hvd24gb25jZQ==' }) },
    () => (
      <OpenButton label="New webhook">
        {(open, close) => <NewWebhookDialog open={open} onClose={close} onMade={nothing} />}
      </OpenButton>
    ),
  ),
  opening(
    'webhook',
    'A webhook and what was sent',
    { listDeliveries: () => ({ deliveries, nextCursor: null }) },
    () => (
      <OpenButton label="Open it">
        {(open, close) =>
          webhooks[0] && <WebhookDialog open={open} webhook={webhooks[0]} onClose={close} onChanged={nothing} />
        }
      </OpenButton>
    ),
  ),
  example('audit-loading', 'Audit log: loading', { listAudit: never }, log, 360),
  example('audit', 'Audit log', { listAudit: () => ({ entries: auditEntries, nextCursor: 'more' }) }, log),
  example('audit-empty', 'Audit log: nothing', { listAudit: () => ({ entries: [], nextCursor: null }) }, log, 360),
]

import { expect, test } from 'vitest'
import { z } from 'zod'
import { command, commandTable } from '@/contracts/command'
import { audit } from '@/lib/pipeline/audit'
import { byWhom, service, signedIn } from '@/lib/pipeline/caller'
import { recordingLogger } from '../../../support/recordingLogger'
import { ada } from '../../support/sessionUsers'

const rules = {
  input: z.string(),
  data: z.void(),
  http: 'POST /api/things',
  permission: 'anyone',
  limit: null,
} as const
const { kept, passing } = commandTable(null, { kept: command({ ...rules, audit: true }), passing: command(rules) })
const facts = { outcome: 'FORBIDDEN', correlationId: 'c1', transport: 'http' }

test.each([
  ['a person', ada, 'user ada'],
  ['another service', service, 'a service'],
  ['nobody', null, 'nobody'],
  ['somebody who never got in', undefined, 'nobody'],
])('what %s did to an audited command is kept, refusals too', (_, caller, by) => {
  const { logger, entries } = recordingLogger()
  audit(logger, kept, byWhom(caller), facts)
  expect(entries).toEqual([
    { level: 'info', scope: 'Audit', message: 'kept FORBIDDEN', fields: { command: 'kept', by, ...facts } },
  ])
})

test('other commands leave no such line', () => {
  const { logger, entries } = recordingLogger()
  audit(logger, passing, byWhom(ada), facts)
  expect(entries).toEqual([])
})

test('who signs in is known by the answer', () => {
  const user = { id: 'grace', name: 'Grace', email: 'grace@example.com', role: 'user' }
  expect(byWhom(signedIn({ user }))).toBe('user grace')
  expect(byWhom(signedIn({ user: { id: 'grace' } }))).toBe('nobody')
  expect(byWhom(signedIn(undefined))).toBe('nobody')
})

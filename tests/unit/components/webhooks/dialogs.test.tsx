// @vitest-environment jsdom
import { createTheme, ThemeProvider } from '@mui/material/styles'
import { fireEvent, render, screen } from '@testing-library/react'
import { beforeEach, expect, test, vi } from 'vitest'
import { NewWebhookDialog } from '@/components/webhooks/NewWebhookDialog'
import { WebhookDialog } from '@/components/webhooks/WebhookDialog'
import type { CommandInput } from '@/contracts/command'
import type { Webhook, WebhookDelivery, webhookCommands } from '@/contracts/webhooks'
import { openPage } from '../../hooks/support/openPage'

const webhook: Webhook = {
  ...{ id: 'w1', url: 'https://crm.example.com/', description: '', events: ['room.created'], enabled: true },
  ...{ failingSince: null, oldSecretUntil: null, createdAt: '2026-01-01T00:00:00.000Z' },
}
const delivery: WebhookDelivery = {
  ...{ id: '1', eventId: 'evt_1', type: 'room.created', status: 'succeeded', attempts: 1, request: '{}' },
  ...{ answer: { status: 200, body: 'taken' }, error: null, dueAt: null },
  ...{ createdAt: '2026-01-01T00:00:00.000Z', triedAt: '2026-01-01T00:00:00.000Z' },
}
const secret = 'whsec_c2VjcmV0'

const untilSecret = async () => {
  const field: HTMLTextAreaElement = await screen.findByLabelText('Secret')
  expect(field.value).toBe(secret)
}

/** What the dialog does when somebody presses beside it, or Escape. */
const leave = (dialog: HTMLElement) => {
  const beside = dialog.parentElement as HTMLElement // it lies in what covers the page
  fireEvent.mouseDown(beside)
  fireEvent.click(beside)
  fireEvent.keyDown(dialog, { key: 'Escape' })
}

test('the secret of a new webhook stays until somebody says that they have it', async () => {
  const page = await openPage({ createWebhook: () => ({ id: 'w1', secret }) })
  let closed = 0
  render(<NewWebhookDialog open onClose={() => (closed += 1)} onMade={() => {}} />, page)
  const dialog = screen.getByRole('dialog')
  leave(dialog)
  expect(closed).toBe(2)

  fireEvent.click(screen.getByText('Make webhook'))
  await untilSecret()
  leave(dialog)
  expect(closed).toBe(2)
  await untilSecret()
  fireEvent.click(screen.getByText('Done'))
  expect(closed).toBe(3)
})

type Span = CommandInput<typeof webhookCommands.replayWebhook>
let spans: Span[] = []
beforeEach(() => {
  spans = []
})

/** A webhook's dialog, with one delivery, whose details are open. */
const openWebhook = async (given: Partial<Webhook> = {}, delivered: Partial<WebhookDelivery> = {}) => {
  const page = await openPage({
    listDeliveries: () => ({ deliveries: [{ ...delivery, ...delivered }], nextCursor: null }),
    replayWebhook: (span: Span) => {
      spans.push(span)
      return { count: 1_200 }
    },
    rotateWebhookSecret: () => ({ secret, oldSecretUntil: '2026-01-02T00:00:00.000Z' }),
  })
  const closed = { times: 0 }
  const onClose = () => (closed.times += 1)
  render(
    <ThemeProvider theme={createTheme()}>
      <WebhookDialog open webhook={{ ...webhook, ...given }} onClose={onClose} onChanged={() => {}} />
    </ThemeProvider>,
    page,
  )
  fireEvent.click(await screen.findByText('room.created', { selector: 'button *' }))
  await screen.findByText(/evt_1/)
  return closed
}

test('nor is a secret that takes the place of another thrown away by a press beside it', async () => {
  const closed = await openWebhook()
  const dialog = screen.getByRole('dialog')
  leave(dialog)
  expect(closed.times).toBe(2)

  fireEvent.click(screen.getByText('New secret'))
  fireEvent.click(screen.getByText('Make a new one'))
  await untilSecret()
  leave(dialog)
  expect(closed.times).toBe(2)
  fireEvent.click(screen.getByLabelText('Close'))
  expect(closed.times).toBe(3)
})

test('a delivery that waits says until when', async () => {
  await openWebhook({}, { status: 'pending', answer: null, error: 'no', dueAt: '2026-01-01T12:34:56.000Z' })
  expect(screen.getByText(/evt_1/).textContent).toMatch(/one attempt, the last .*, due .*34:56/)
  expect(screen.queryByText('Send again')).toBeNull()
})

test('what was delivered can be sent again', async () => {
  await openWebhook()
  expect(screen.getByText(/evt_1/).textContent).not.toMatch(/due/)
  expect(screen.getByText('Send again')).not.toBeNull()
})

test.each([
  ['the last day', null, Date.now() - 24 * 3_600_000],
  ['since it fails', '2026-01-05T10:00:30.000Z', Date.parse('2026-01-05T09:59:30.000Z')],
])('all of a time is sent again: %s, unless another is chosen', async (_, failingSince, since) => {
  await openWebhook({ failingSince })
  fireEvent.click(screen.getByText('Send all again'))
  await screen.findByText('1,200 events go out again.')
  const [span] = spans
  const minutesFrom = (time: string | undefined, ms: number) => Math.abs(Date.parse(time ?? '') - ms) / 60_000
  expect(minutesFrom(span?.from, since)).toBeLessThan(2)
  // What has just happened, too.
  expect(Date.parse(span?.to ?? '')).toBeGreaterThanOrEqual(Date.now() - 5_000)
  expect(minutesFrom(span?.to, Date.now())).toBeLessThan(2)

  fireEvent.change(screen.getByLabelText('From'), { target: { value: '2026-01-02T03:04' } })
  fireEvent.change(screen.getByLabelText('Until'), { target: { value: '2026-01-02T03:03' } })
  expect(screen.getByText<HTMLButtonElement>('Send all again').disabled).toBe(true)
  fireEvent.change(screen.getByLabelText('Until'), { target: { value: '2026-01-02T05:00' } })
  fireEvent.click(screen.getByText('Send all again'))
  await vi.waitFor(() => expect(spans).toHaveLength(2))
  expect(spans[1]).toEqual({
    id: 'w1',
    from: new Date('2026-01-02T03:04').toISOString(),
    to: new Date('2026-01-02T05:00').toISOString(),
  })
})

test('a webhook that is switched off sends nothing again, and says so', async () => {
  await openWebhook({ enabled: false })
  expect(screen.getByText(/can be sent again once it is on/)).not.toBeNull()
  expect(screen.queryByText('Send again')).toBeNull()
  expect(screen.queryByText('Send all again')).toBeNull()
})

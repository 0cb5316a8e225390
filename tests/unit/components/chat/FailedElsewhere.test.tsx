// @vitest-environment jsdom
import { fireEvent, render, screen } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import type { PendingChange } from '@/client/outbox/entries'
import { FailedElsewhere } from '@/components/chat/FailedElsewhere'
import type { ChatMessage } from '@/contracts/chat'

const shown: ChatMessage = {
  ...{ id: 'm2', roomId: 'r', seq: 2, rev: 2, senderId: 'me', clientId: 'c2', message: 'hello' },
  createdAt: '2026-01-01T00:00:00.000Z',
}
const edit = (messageId: string, state: PendingChange['state']): PendingChange => ({
  ...{ kind: 'edit', clientId: `of ${messageId}`, messageId, message: 'hello', state },
  error:
    state === 'failed'
      ? { code: 'FORBIDDEN', message: 'Not allowed.', retryable: false, correlationId: 'x' }
      : undefined,
})
const open = (...changes: PendingChange[]) => {
  const [retry, discard] = [vi.fn(), vi.fn()]
  render(<FailedElsewhere conversation={{ messages: [shown], changes, retry, discard }} />)
  return { retry, discard, alert: screen.queryByRole('alert') }
}

it('says what failed of a message that is not shown, which is tried again or given up', () => {
  const { alert, retry, discard } = open(edit('m1', 'failed'))
  expect(alert?.textContent).toContain('A message that is not shown here: The edit was not saved. Not allowed.')
  fireEvent.click(screen.getByRole('button', { name: 'Retry' }))
  expect(retry).toHaveBeenCalledExactlyOnceWith('of m1')
  fireEvent.click(screen.getByRole('button', { name: 'Undo the edit' }))
  expect(discard).toHaveBeenCalledExactlyOnceWith('of m1')
})

it('is silent of what waits, and of a message that says so itself', () => {
  expect(open(edit('m1', 'queued'), edit('m2', 'failed')).alert).toBeNull()
})

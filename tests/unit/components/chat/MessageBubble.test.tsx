// @vitest-environment jsdom
import { render, screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { MessageBubble } from '@/components/chat/MessageBubble'
import { buildRows } from '@/components/chat/rows'
import { ThemeRegistry } from '@/theme/ThemeRegistry'

const show = (message: string) => {
  const said = { id: 'm', roomId: 'r', seq: 1, rev: 1, senderId: 'ada', clientId: 'c', message }
  const [row] = buildRows({
    messages: [{ ...said, createdAt: '2026-01-01T00:00:00.000Z' }],
    ...{ outgoing: [], changes: [], moderates: false, participants: [], myId: 'me' },
    ...{ newAfterSeq: undefined, hasOlder: false },
  })
  if (!row) throw new Error('There is a row for it.')
  render(
    <ThemeRegistry>
      <MessageBubble row={row} onQuote={() => {}} isTabStop />
    </ThemeRegistry>,
  )
}

it('shows an address from left to right by itself, whichever way the text around it is turned', () => {
  show('\u202Eto https://example.com')
  const link = screen.getByRole('link', { name: 'https://example.com' })
  // What has a direction is isolated: browsers show it as if nothing stood around it.
  expect(link.getAttribute('dir')).toBe('ltr')
})

// @vitest-environment jsdom
import { ThemeProvider } from '@mui/material/styles'
import { fireEvent, render, screen, waitFor } from '@testing-library/react'
import { type ReactElement, useState } from 'react'
import { beforeEach, expect, it, vi } from 'vitest'
import { MessageList } from '@/components/chat/MessageList'
import { buildRows } from '@/components/chat/rows'
import { useJump } from '@/components/chat/useJump'
import type { ChatMessage } from '@/contracts/chat'
import { theme } from '@/theme/theme'

beforeEach(() => {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      disconnect() {}
    },
  )
  vi.spyOn(document, 'hasFocus').mockReturnValue(true)
})

const message = (seq: number): ChatMessage => ({
  ...{ id: `m${seq}`, roomId: 'r', seq, rev: seq, senderId: 'ada', clientId: `c${seq}`, message: `text ${seq}` },
  createdAt: '2026-01-01T00:00:00.000Z',
  ...(seq % 2 === 0 ? { replyTo: { id: 'm1', seq: 1, senderId: 'ada', excerpt: 'text 1' } } : {}),
})

/** Each bubble that is drawn asks for its moment once. */
const countDrawn = () => {
  const drawn = vi.spyOn(Date.prototype, 'toISOString')
  return () => drawn.mock.calls.length
}

const actions = {
  ...{ retry: () => {}, discard: () => {}, openOptions: () => {}, jump: () => {}, wantDetails: () => {} },
  ...{ reply: undefined, react: undefined },
}

interface Given {
  count?: number
  at?: number
  openAround?: (seq: number) => Promise<boolean>
  hasNewer?: boolean
  markRead?: (seq: number) => void
}

const nothingIsRead = () => {}

/** Twenty unread messages. */
function List({ count = 20, at: given, openAround = async () => true, hasNewer = false, ...rest }: Given) {
  const { markRead = nothingIsRead } = rest
  const [at, setAt] = useState(given)
  const [taken] = useState(() => () => setAt(undefined))
  const { target, isJumping } = useJump({ status: 'ready', openAround }, at, taken)
  const rows = buildRows({
    messages: Array.from({ length: count }, (_, i) => message(i + 1)),
    ...{ outgoing: [], changes: [], moderates: false, participants: [], myId: 'me', newAfterSeq: 0, hasOlder: false },
  })
  const edges = { hasOlder: false, loadingOlder: false, loadOlder: async () => {}, loadingNewer: false }
  return (
    <MessageList
      {...{ label: 'Messages', rows, firstIndex: 1, hasNewer, unread: 35, target, isJumping, markRead, actions }}
      {...{ ...edges, loadNewer: async () => {}, toNewest: () => {}, showSenders: false }}
    />
  )
}

const show = (list: ReactElement) => render(<ThemeProvider theme={theme}>{list}</ThemeProvider>)

it('says that the newest message was read', async () => {
  const markRead = vi.fn()
  show(<List markRead={markRead} />)
  await waitFor(() => expect(markRead).toHaveBeenCalledWith(20))
})

it('says nothing was read on the way to another message, nor there', async () => {
  const markRead = vi.fn()
  show(<List at={3} markRead={markRead} />)
  // The newest are not in sight any more.
  await screen.findByLabelText('To the newest message')
  expect(markRead).not.toHaveBeenCalled()
})

it('says the newest was read after all where there is no such message', async () => {
  const markRead = vi.fn()
  const openAround = vi.fn(() => Promise.reject(new Error('gone')))
  show(<List at={3} openAround={openAround} markRead={markRead} />)
  await waitFor(() => expect(markRead).toHaveBeenCalledWith(20))
  expect(openAround).toHaveBeenCalledOnce()
})

it('counts what is unread, and not what lies between, where the newest are not here', () => {
  show(<List hasNewer />)
  expect(screen.getByRole('button', { name: '35 new messages' })).not.toBeNull()
})

it('has one message at which the Tab key stops; arrows lead to its quote', () => {
  show(<List />)
  const quotes = screen.getAllByRole('button', { name: /In reply to/ })
  expect(quotes.map(({ tabIndex }) => tabIndex)).toEqual([...Array(9).fill(-1), 0])
  const options = screen.getAllByRole('button', { name: 'Message options' }).at(-1)
  options?.focus()
  if (options) fireEvent.keyDown(options, { key: 'ArrowLeft' })
  expect(document.activeElement).toBe(quotes.at(-1))
})

it('draws those that arrive, and of the others only the one that was the last', () => {
  // All of them are in view.
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600)
  const { rerender } = show(<List count={12} />)
  const drawn = countDrawn()

  rerender(
    <ThemeProvider theme={theme}>
      <List count={15} />
    </ThemeProvider>,
  )

  expect(screen.getByText('text 15')).not.toBeNull()
  // That one goes on with a run, and then Tab does not stop there any more.
  expect(drawn()).toBe(3 + 2)
})

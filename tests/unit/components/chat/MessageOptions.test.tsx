// @vitest-environment jsdom
import { ThemeProvider } from '@mui/material/styles'
import { fireEvent, render, screen, within } from '@testing-library/react'
import { useState } from 'react'
import { expect, it, vi } from 'vitest'
import { MessageItem } from '@/components/chat/MessageItem'
import { MessageOptions, type OpenedOptions } from '@/components/chat/MessageOptions'
import type { MessageActions } from '@/components/chat/messageActions'
import type { MessageRow } from '@/components/chat/rows'
import { theme } from '@/theme/theme'

const row = (more: Partial<MessageRow> = {}): MessageRow => ({
  key: 'ada:c1',
  clientId: 'c1',
  id: 'm1',
  seq: 1,
  rev: 1,
  senderId: 'ada',
  mine: true,
  senderName: 'Ada',
  senderImage: undefined,
  text: 'Hello',
  mentions: [],
  named: [],
  isOpen: false,
  quote: undefined,
  system: false,
  at: new Date(),
  edited: false,
  deleted: false,
  delivery: 'sent',
  error: undefined,
  failed: undefined,
  editable: true,
  deletable: true,
  reactions: [],
  startsDay: false,
  startsNew: false,
  first: true,
  last: true,
  ...more,
})

function Page({ shown, mayWrite = true, ...spies }: { shown: MessageRow; mayWrite?: boolean } & Partial<Spies>) {
  const [opened, setOpened] = useState<OpenedOptions>()
  const actions: MessageActions = {
    retry: spies.retry ?? vi.fn(),
    discard: spies.discard ?? vi.fn(),
    reply: mayWrite ? (spies.onReply ?? vi.fn()) : undefined,
    jump: spies.jump ?? vi.fn(),
    openOptions: (of, anchor) => setOpened({ row: of, anchor }),
    react: spies.onReact,
    wantDetails: spies.wantDetails ?? vi.fn(),
  }
  return (
    <ThemeProvider theme={theme}>
      <ul>
        <li>
          <MessageItem row={shown} now={new Date()} showSender={false} actions={actions} isTabStop />
        </li>
      </ul>
      <MessageOptions
        opened={opened}
        mayWrite={mayWrite}
        onReply={spies.onReply ?? vi.fn()}
        onEdit={spies.onEdit ?? vi.fn()}
        onDelete={spies.onDelete ?? vi.fn()}
        onSeenBy={undefined}
        onReact={spies.onReact ?? vi.fn()}
        onWhoReacted={spies.onWhoReacted ?? vi.fn()}
        onClose={() => setOpened(undefined)}
      />
    </ThemeProvider>
  )
}
type Spies = Record<
  'retry' | 'discard' | 'jump' | 'onReply' | 'onEdit' | 'onDelete' | 'onReact' | 'onWhoReacted' | 'wantDetails',
  ReturnType<typeof vi.fn<(...what: unknown[]) => void>>
>

const menu = () => screen.findByRole('menu', { name: 'Message options' })
const entries = async () =>
  within(await menu())
    .getAllByRole('menuitem')
    .flatMap((entry) => entry.textContent || [])

it('opens the same menu by its button and by a right click', async () => {
  const { unmount } = render(<Page shown={row()} />)
  fireEvent.click(screen.getByRole('button', { name: 'Message options' }))
  expect(await entries()).toEqual(['Reply', 'Edit', 'Copy text', 'Delete'])
  unmount()
  render(<Page shown={row()} />)
  fireEvent.contextMenu(screen.getByText('Hello'))
  expect(await entries()).toEqual(['Reply', 'Edit', 'Copy text', 'Delete'])
})

it('opens it by a long press, which a finger that moves ends', async () => {
  vi.useFakeTimers()
  try {
    render(<Page shown={row()} />)
    const press = (type: string, clientX: number) =>
      fireEvent(
        screen.getByText('Hello'),
        Object.assign(new MouseEvent(type, { bubbles: true, clientX }), { pointerType: 'touch' }),
      )
    press('pointerdown', 0)
    press('pointermove', 40)
    vi.advanceTimersByTime(2_000)
    expect(document.activeElement).toBe(document.body)
    press('pointerdown', 0)
    vi.advanceTimersByTime(2_000)
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Message options' }))
  } finally {
    vi.useRealTimers()
  }
  expect(await entries()).toEqual(['Reply', 'Edit', 'Copy text', 'Delete'])
})

it('leaves links to the browser, and offers who may only read nothing to change', async () => {
  render(<Page shown={row({ text: 'https://example.com' })} mayWrite={false} />)
  fireEvent.contextMenu(screen.getByRole('link'))
  expect(screen.queryByRole('menu')).toBeNull()
  fireEvent.click(screen.getByRole('button', { name: 'Message options' }))
  expect(await entries()).toEqual(['Copy text'])
})

it('offers nothing for a message that was deleted', () => {
  render(<Page shown={row({ deleted: true, editable: false, deletable: false })} />)
  expect(screen.queryByRole('button', { name: 'Message options' })).toBeNull()
  expect(screen.getByText('Message deleted')).not.toBeNull()
})

it('answers a message that the server has, by the menu or by R', async () => {
  const onReply = vi.fn()
  const shown = row()
  const { rerender } = render(<Page shown={shown} onReply={onReply} />)
  const button = screen.getByRole('button', { name: 'Message options' })
  fireEvent.keyDown(button, { key: 'r', ctrlKey: true })
  expect(onReply).not.toHaveBeenCalled()
  fireEvent.keyDown(button, { key: 'r' })
  expect(onReply).toHaveBeenCalledExactlyOnceWith(shown)
  rerender(<Page shown={row({ id: undefined, seq: undefined, delivery: 'waiting' })} onReply={onReply} />)
  fireEvent.keyDown(button, { key: 'r' })
  expect(onReply).toHaveBeenCalledTimes(1)
  fireEvent.click(button)
  expect(await entries()).toEqual(['Edit', 'Copy text', 'Delete'])
})

it('shows what a message answers as text, and leads there', () => {
  const jump = vi.fn()
  const quote = { seq: 7, mine: false, senderName: 'Grace', text: '<b>https://example.com</b>' }
  const { rerender } = render(<Page shown={row({ quote })} jump={jump} />)
  const quoted = screen.getByRole('button', { name: /Grace/ })
  expect(quoted.textContent).toBe('In reply to Grace<b>https://example.com</b>')
  expect(screen.queryByRole('link')).toBeNull()
  fireEvent.click(quoted)
  expect(jump).toHaveBeenCalledExactlyOnceWith(7)
  rerender(<Page shown={row({ quote: { ...quote, text: '' } })} />)
  expect(quoted.textContent).toBe('In reply to GraceMessage deleted')
})

it('asks once before it deletes', async () => {
  const onDelete = vi.fn()
  const shown = row()
  render(<Page shown={shown} onDelete={onDelete} />)
  fireEvent.click(screen.getByRole('button', { name: 'Message options' }))
  fireEvent.click(within(await menu()).getByRole('menuitem', { name: 'Delete' }))
  const dialog = await screen.findByRole('dialog', { name: 'Delete this message?' })
  expect(onDelete).not.toHaveBeenCalled()
  fireEvent.click(within(dialog).getByRole('button', { name: 'Delete' }))
  expect(onDelete).toHaveBeenCalledExactlyOnceWith(shown)
})

it('says of a change that failed what can be done about it', () => {
  const [retry, discard] = [vi.fn(), vi.fn()]
  const error = { code: 'NOT_FOUND', message: 'It is gone.', retryable: false, correlationId: 'x' } as const
  const failed = { what: 'edit', clientId: 'change' } as const
  render(<Page shown={row({ delivery: 'failed', error, failed })} retry={retry} discard={discard} />)
  expect(screen.getByText('The edit was not saved. It is gone.')).not.toBeNull()
  fireEvent.click(screen.getByRole('button', { name: 'Retry' }))
  expect(retry).toHaveBeenCalledExactlyOnceWith('change')
  fireEvent.click(screen.getByRole('button', { name: 'Undo the edit' }))
  expect(discard).toHaveBeenCalledExactlyOnceWith('change')
})

const thumbs = { emoji: '👍', count: 2, mine: true, names: ['Grace'], isPartial: false }

it('reacts from the row above the entries, along which the arrows go', async () => {
  const onReact = vi.fn()
  const shown = row({ reactions: [thumbs] })
  render(<Page shown={shown} onReact={onReact} />)
  fireEvent.click(screen.getByRole('button', { name: 'Message options' }))
  const emojis = within(await menu()).getAllByRole('menuitemcheckbox')
  expect(emojis.map((emoji) => [emoji.textContent, emoji.ariaChecked])).toContainEqual(['👍', 'true'])
  expect(emojis.map((emoji) => [emoji.textContent, emoji.ariaChecked])).toContainEqual(['🙏', 'false'])
  const focused = () => document.activeElement?.textContent
  expect(focused()).toBe('👍')
  fireEvent.keyDown(document.activeElement ?? document.body, { key: 'ArrowRight' })
  expect(focused()).toBe('❤️')
  fireEvent.keyDown(document.activeElement ?? document.body, { key: 'ArrowDown' })
  expect(focused()).toBe('Reply')
  fireEvent.keyDown(document.activeElement ?? document.body, { key: 'ArrowUp' })
  fireEvent.keyDown(document.activeElement ?? document.body, { key: 'ArrowUp' })
  expect(focused()).toBe('Delete')
  fireEvent.click(emojis[1] ?? document.body)
  expect(onReact).toHaveBeenCalledExactlyOnceWith(shown, '❤️')
})

it('offers no reaction to what waits itself, nor to who may only read', async () => {
  const { unmount } = render(<Page shown={row({ id: undefined })} />)
  fireEvent.click(screen.getByRole('button', { name: 'Message options' }))
  expect(within(await menu()).queryByRole('group', { name: 'React' })).toBeNull()
  unmount()
  render(<Page shown={row({ reactions: [thumbs] })} mayWrite={false} />)
  fireEvent.click(screen.getByRole('button', { name: 'Message options' }))
  expect(within(await menu()).queryByRole('group', { name: 'React' })).toBeNull()
  expect(await entries()).toEqual(['Copy text', 'Who reacted'])
})

it('says below the message who reacted, and whether one did oneself; pressing it reacts', () => {
  const onReact = vi.fn()
  const shown = row({ reactions: [thumbs, { ...thumbs, emoji: '🎉', mine: false }] })
  render(<Page shown={shown} onReact={onReact} />)
  const chips = within(screen.getByRole('group', { name: 'Reactions' })).getAllByRole('button')
  expect(chips.map((chip) => [chip.ariaLabel, chip.ariaPressed])).toEqual([
    ['👍 2: You and Grace', 'true'],
    ['🎉 2: Grace and 1 other', 'false'],
  ])
  fireEvent.click(chips[1] ?? document.body)
  expect(onReact).toHaveBeenCalledExactlyOnceWith(shown, '🎉')
  chips[0]?.focus()
  fireEvent.keyDown(chips[0] ?? document.body, { key: 'ArrowLeft' })
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Message options' }))
  fireEvent.keyDown(document.activeElement ?? document.body, { key: 'ArrowRight' })
  expect(document.activeElement).toBe(chips[0])
})

it('asks for what a message leaves open, anew when it has changed', () => {
  const wantDetails = vi.fn()
  const page = (more: Partial<MessageRow>) => <Page shown={row(more)} wantDetails={wantDetails} />
  const { rerender } = render(page({}))
  expect(wantDetails).not.toHaveBeenCalled()
  rerender(page({ isOpen: true, rev: 4 }))
  expect(wantDetails).toHaveBeenCalledExactlyOnceWith({ id: 'm1', seq: 1, rev: 4 })
  rerender(page({ isOpen: true, rev: 5 }))
  expect(wantDetails).toHaveBeenLastCalledWith({ id: 'm1', seq: 1, rev: 5 })
  rerender(page({ isOpen: true, id: undefined }))
  expect(wantDetails).toHaveBeenCalledTimes(2)
})

it('marks whom a text names, oneself more than others, and nothing else that looks like a name', () => {
  const named = [
    { id: 'me', name: 'Ada', isMe: true },
    { id: 'grace', name: 'Grace <b>H</b>', isMe: false },
  ]
  render(<Page shown={row({ named, text: 'Hi @Ada, ask @Grace <b>H</b> or @Linus: https://x.test/@Ada `@Ada`' })} />)
  const marked = [...document.querySelectorAll('[data-mention]')]
  expect(marked.map((mark) => [mark.textContent, mark.getAttribute('data-mention')])).toEqual([
    ['@Ada', 'me'],
    ['@Grace <b>H</b>', 'other'],
  ])
  expect(document.querySelector('b')).toBeNull()
  expect(document.querySelector('a')?.textContent).toBe('https://x.test/@Ada')
})

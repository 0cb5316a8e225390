// @vitest-environment jsdom
import { act, cleanup, createEvent, fireEvent, render, screen } from '@testing-library/react'
import { createRef, useState } from 'react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { SendLimitView } from '@/client/outbox/SendLimit'
import { Composer } from '@/components/chat/Composer'
import type { Participant } from '@/contracts/chat'
import { AppError } from '@/contracts/errors'

const noLimit: SendLimitView = { blockedUntil: undefined, remaining: undefined }

const open = (
  props: {
    onSend?: (text: string) => void
    userId?: string
    roomId?: string
    limit?: SendLimitView
    onLeave?: () => void
  } = {},
) => {
  const onSend = vi.fn(props.onSend)
  const view = render(
    <Composer
      userId={props.userId ?? 'ada'}
      roomId={props.roomId ?? 'room'}
      name="Grace"
      onSend={onSend}
      limit={props.limit ?? noLimit}
      inputRef={createRef()}
      onLeave={props.onLeave ?? (() => {})}
      onCancelEdit={() => {}}
      onEditLast={() => false}
    />,
  )
  return { onSend, close: view.unmount }
}

const field = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message to Grace' })
const type = (text: string) => fireEvent.change(field(), { target: { value: text } })
const press = (init: object) => {
  const event = createEvent.keyDown(field(), { key: 'Enter', ...init })
  fireEvent(field(), event)
  return event
}

beforeEach(() => window.localStorage.clear())

describe('Enter', () => {
  it('sends the text without the space around it and clears the field', () => {
    const { onSend } = open()
    type('  hello  ')
    press({})
    expect(onSend).toHaveBeenCalledExactlyOnceWith('hello')
    expect(field().value).toBe('')
  })

  it('breaks the line when Shift is held', () => {
    const { onSend } = open()
    type('hello')
    expect(press({ shiftKey: true }).defaultPrevented).toBe(false)
    expect(onSend).not.toHaveBeenCalled()
  })

  it.each([{ isComposing: true }, { keyCode: 229 }])('chooses a word while an input method composes: %o', (init) => {
    const { onSend } = open()
    type('にほん')
    press(init)
    expect(onSend).not.toHaveBeenCalled()
  })

  it('does nothing with an empty or blank field', () => {
    const { onSend } = open()
    press({})
    type('  \n ')
    press({})
    expect(onSend).not.toHaveBeenCalled()
  })
})

it('is left with Escape, unless that ends what an input method composes', () => {
  const onLeave = vi.fn()
  open({ onLeave })
  type('kept')
  press({ key: 'Escape', isComposing: true })
  expect(onLeave).not.toHaveBeenCalled()
  press({ key: 'Escape' })
  expect(onLeave).toHaveBeenCalledOnce()
  expect(field().value).toBe('kept')
})

describe('the limit of 4,000 characters', () => {
  it('is counted down near it', () => {
    open()
    type('x'.repeat(3_990))
    expect(screen.getByText('10 characters left')).toBeTruthy()
  })

  it('holds back what is longer, and says by how much', () => {
    const { onSend } = open()
    type('x'.repeat(4_003))
    press({})
    expect(onSend).not.toHaveBeenCalled()
    expect(screen.getByRole('status').textContent).toBe('3 characters too many: a message has 4,000 characters at most')
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Send' }).disabled).toBe(true)
  })
})

it('keeps the text, and says why, when it cannot be taken', () => {
  open({
    onSend: () => {
      throw new AppError('UNAVAILABLE', { message: 'The page is still starting.' })
    },
  })
  type('hello')
  press({})
  expect(field().value).toBe('hello')
  expect(screen.getByRole('status').textContent).toBe('The page is still starting.')
})

describe('the limit of messages', () => {
  const said = () => document.querySelector('[aria-live=polite]')?.textContent
  const withLimit = (limit: SendLimitView, onSend = vi.fn()) => (
    <Composer
      userId="ada"
      roomId="room"
      name="Grace"
      onSend={onSend}
      limit={limit}
      inputRef={createRef()}
      onLeave={() => {}}
      onCancelEdit={() => {}}
      onEditLast={() => false}
    />
  )
  const blockedFor = (ms: number): SendLimitView => ({ blockedUntil: Date.now() + ms, remaining: undefined })

  it.each([
    [3, '3 messages left for now'],
    [1, '1 message left for now'],
    [0, '0 messages left for now'],
  ])('warns when %i are left, and lets them be sent', (remaining, text) => {
    const { onSend } = open({ limit: { blockedUntil: undefined, remaining } })
    expect(screen.getByText(text)).toBeTruthy()
    type('hello')
    press({})
    expect(onSend).toHaveBeenCalledExactlyOnceWith('hello')
  })

  it('lets everything be written and queued while nothing goes out', () => {
    const { onSend } = open({ limit: blockedFor(60_000) })
    type('hello')
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Send' }).disabled).toBe(false)
    press({})
    expect(onSend).toHaveBeenCalledExactlyOnceWith('hello')
    expect(field().value).toBe('')
  })

  it('counts the seconds down, and says so aloud at the beginning and at the end only', () => {
    vi.useFakeTimers()
    try {
      const view = render(withLimit(blockedFor(12_000)))
      const spoken = [said()]
      expect(screen.getByText(/What waits goes out in 12 seconds; you can write on/)).toBeTruthy()
      for (const left of ['11 seconds', '10 seconds']) {
        act(() => vi.advanceTimersByTime(1_000))
        expect(screen.getByText(new RegExp(`goes out in ${left};`))).toBeTruthy()
        spoken.push(said())
      }
      expect(new Set(spoken)).toEqual(new Set(['Too much at once. What waits goes out in about 12 seconds.']))
      view.rerender(withLimit(noLimit))
      expect(said()).toBe('What waited goes out now.')
      expect(screen.queryByText(/What waits/)).toBeNull()
    } finally {
      vi.useRealTimers()
    }
  })

  it('does not read every number of the warning aloud', () => {
    const view = render(withLimit({ blockedUntil: undefined, remaining: 6 }))
    const first = said()
    view.rerender(withLimit({ blockedUntil: undefined, remaining: 5 }))
    expect([first, said()]).toEqual(Array(2).fill('Only a few messages left for now.'))
  })
})

describe('the draft', () => {
  it('is there again for the same person and room, and only there', () => {
    const { close } = open()
    type('half a sent')
    close()
    const drafts = [{}, { roomId: 'other' }, { userId: 'linus' }].map((props) => {
      const again = open(props)
      const text = field().value
      again.close()
      return text
    })
    expect(drafts).toEqual(['half a sent', '', ''])
  })

  it('is forgotten when sent', () => {
    const { close } = open()
    type('whole')
    press({})
    close()
    open()
    expect(field().value).toBe('')
  })

  it('is not missed where the browser refuses storage', () => {
    vi.spyOn(Storage.prototype, 'getItem').mockImplementation(() => {
      throw new DOMException('no', 'SecurityError')
    })
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('no', 'QuotaExceededError')
    })
    const { onSend } = open()
    type('still works')
    press({})
    expect(onSend).toHaveBeenCalledWith('still works')
  })
})

function Editing({ onSend = vi.fn(), hasOwn = true }: { onSend?: (text: string) => void; hasOwn?: boolean }) {
  const [editing, setEditing] = useState<{ key: string; text: string }>()
  return (
    <Composer
      userId="ada"
      roomId="room"
      name="Grace"
      editing={editing}
      onSend={(text) => {
        onSend(text)
        setEditing(undefined)
      }}
      onCancelEdit={() => setEditing(undefined)}
      onEditLast={() => {
        if (hasOwn) setEditing({ key: 'mine', text: 'helo' })
        return hasOwn
      }}
      limit={noLimit}
      inputRef={createRef()}
      onLeave={() => {}}
    />
  )
}

describe('editing', () => {
  const edited = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Edit your message to Grace' })

  it('begins with arrow up in the empty field, says what is edited, and is saved by Enter', () => {
    const onSend = vi.fn()
    render(<Editing onSend={onSend} />)
    press({ key: 'ArrowUp' })
    expect(edited()).toBe(document.activeElement)
    expect(edited().value).toBe('helo')
    expect(edited().selectionStart).toBe(4)
    expect(screen.getByText('Editing:').parentElement?.textContent).toBe('Editing: helo')
    fireEvent.change(edited(), { target: { value: 'hello' } })
    fireEvent.keyDown(edited(), { key: 'Enter' })
    expect(onSend).toHaveBeenCalledExactlyOnceWith('hello')
    expect(field().value).toBe('')
  })

  it('is given up by Escape, and what was being written is there again', () => {
    render(<Editing />)
    press({ key: 'ArrowUp' })
    fireEvent.change(edited(), { target: { value: 'hello' } })
    fireEvent.keyDown(edited(), { key: 'Escape' })
    expect(field()).toBe(document.activeElement)
    expect(screen.queryByText('Editing:')).toBeNull()
    press({ key: 'ArrowUp' })
    expect(edited().value).toBe('helo')
  })

  it('leaves arrow up alone where something is written, or nothing can be edited', () => {
    render(<Editing />)
    type('hel')
    press({ key: 'ArrowUp' })
    expect(field().value).toBe('hel')
    cleanup()
    render(<Editing hasOwn={false} />)
    type('')
    expect(press({ key: 'ArrowUp' }).defaultPrevented).toBe(false)
  })
})

describe('names', () => {
  const grace: Participant = {
    ...{ id: 'grace', name: 'Grace', role: 'member', lastReadSeq: 0, isOnline: false },
    lastSeen: '2026-01-01T00:00:00.000Z',
  }
  const openNaming = (roomId: string) => {
    const [onNaming, onChosen] = [vi.fn(), vi.fn()]
    const view = render(
      <Composer
        userId="ada"
        roomId={roomId}
        name="Grace"
        mentionable={[grace]}
        onNaming={onNaming}
        onChosen={onChosen}
        onSend={() => {}}
        limit={noLimit}
        inputRef={createRef()}
        onLeave={() => {}}
        onCancelEdit={() => {}}
        onEditLast={() => false}
      />,
    )
    return { onNaming, onChosen, close: view.unmount }
  }

  it('are asked for when a draft that one comes back to holds one that is not known, and not else', () => {
    for (const [text, times] of [
      ['hello @Grace', 0],
      ['hello @Linus, ', 1],
    ] as const) {
      window.localStorage.setItem('tandem:draft:ada:room', text)
      const { onNaming, close } = openNaming('room')
      expect(field().value).toBe(text)
      expect(onNaming, text).toHaveBeenCalledTimes(times)
      close()
    }
  })

  it('are told of when they are chosen', () => {
    const { onChosen } = openNaming('room')
    type('@Gr')
    field().setSelectionRange(3, 3)
    fireEvent.select(field())
    press({})
    expect(field().value).toBe('@Grace ')
    expect(onChosen).toHaveBeenCalledExactlyOnceWith(grace)
  })
})

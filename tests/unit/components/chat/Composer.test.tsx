// @vitest-environment jsdom
import { createEvent, fireEvent, render, screen } from '@testing-library/react'
import { createRef } from 'react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Composer } from '@/components/chat/Composer'
import { AppError } from '@/contracts/errors'

const open = (props: { onSend?: (text: string) => void; userId?: string; roomId?: string } = {}) => {
  const onSend = vi.fn(props.onSend)
  const view = render(
    <Composer
      userId={props.userId ?? 'ada'}
      roomId={props.roomId ?? 'room'}
      name="Grace"
      onSend={onSend}
      inputRef={createRef()}
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
    expect(screen.getByRole('status').textContent).toBe('3 characters too many')
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

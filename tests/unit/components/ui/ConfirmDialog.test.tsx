// @vitest-environment jsdom
import { fireEvent, render, screen } from '@testing-library/react'
import type { ComponentProps } from 'react'
import { expect, test, vi } from 'vitest'
import { ConfirmDialog } from '@/components/ui/ConfirmDialog'

const asked = (more: Partial<ComponentProps<typeof ConfirmDialog>> = {}) => {
  const [onClose, onConfirm] = [vi.fn(), vi.fn()]
  render(
    <ConfirmDialog {...{ open: true, title: 'Clear all?', confirm: 'Clear', onClose, onConfirm, ...more }}>
      It cannot be undone.
    </ConfirmDialog>,
  )
  const dialog = screen.getByRole('dialog', { name: 'Clear all?', description: 'It cannot be undone.' })
  const button = (name: string) => screen.getByRole<HTMLButtonElement>('button', { name })
  return { dialog, button, onClose, onConfirm }
}

test('its answer closes it, unless it has to wait for what comes of it', () => {
  const { button, onClose, onConfirm } = asked()
  fireEvent.click(button('Clear'))
  expect([onClose, onConfirm].map(({ mock }) => mock.calls.length)).toEqual([1, 1])
})

test('what may fail keeps it open, and it says why', () => {
  const { button, onClose, onConfirm } = asked({ keepsOpen: true, problem: 'It did not work.' })
  fireEvent.click(button('Clear'))
  expect([onClose, onConfirm].map(({ mock }) => mock.calls.length)).toEqual([0, 1])
  expect(screen.getByRole('alert').textContent).toBe('It did not work.')
})

test('nobody leaves it, or answers twice, while it is done; and what cannot be done now has no answer', () => {
  const { dialog, button, onClose } = asked({ busy: true, onConfirm: undefined })
  fireEvent.keyDown(dialog, { key: 'Escape' })
  expect(onClose).not.toHaveBeenCalled()
  expect([button('Cancel'), button('Clear')].map(({ disabled }) => disabled)).toEqual([true, true])
})

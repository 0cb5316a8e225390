// @vitest-environment jsdom
import { fireEvent, render, screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { PreferencesDialog } from '@/components/notifications/PreferencesDialog'
import { alertKinds, type ChangePreferencesInput, type NotificationPreferences } from '@/contracts/preferences'
import { choices } from '../../../support/choices'
import { openPage, untilShown } from '../../hooks/support/openPage'

const kinds = Object.fromEntries(alertKinds.map((kind) => [kind, choices()]))

/** The dialog of somebody who has quiet hours. */
const openDialog = async (more: Pick<NotificationPreferences, 'digest' | 'emailProved'> = {}) => {
  const preferences = {
    ...more,
    ...{ kinds: kinds as NotificationPreferences['kinds'], topics: {} }, // one for each kind
    quietHours: { enabled: true, from: '22:00', to: '07:00', timeZone: 'UTC' },
  }
  const page = await openPage({
    readPreferences: () => preferences,
    changePreferences: ({ quietHours }: ChangePreferencesInput) => {
      Object.assign(preferences.quietHours, quietHours)
      return preferences
    },
  })
  const { unmount } = render(<PreferencesDialog open onClose={() => {}} />, page)
  const from: HTMLInputElement = await screen.findByLabelText('From')
  return { page, from, unmount }
}

const minutes = Array.from({ length: 30 }, (_, n) => `21:${String(59 - n)}`)

test('a key that is held down in a time shows each, and changes it once', async () => {
  const { page, from } = await openDialog()
  for (const value of minutes) {
    fireEvent.change(from, { target: { value } })
    expect(from.value).toBe(value)
  }
  fireEvent.change(from, { target: { value: '' } })
  await untilShown(() => page.asked('changePreferences').length > 0)
  expect(page.asked('changePreferences')).toEqual([{ quietHours: { from: '21:30' } }])
  await untilShown(() => from.value === '21:30')
})

test('a time counts at once when one goes on to something else', async () => {
  const { page, from } = await openDialog()
  fireEvent.change(from, { target: { value: '21:30' } })
  fireEvent.blur(from)
  const shownAfter = from.value
  await Promise.resolve()
  expect([shownAfter, page.asked('changePreferences')]).toEqual(['21:30', [{ quietHours: { from: '21:30' } }]])
})

test('a time that was just typed counts when the dialog is closed', async () => {
  const { page, from, unmount } = await openDialog()
  fireEvent.change(from, { target: { value: '21:30' } })
  unmount()
  await untilShown(() => page.asked('changePreferences').length > 0)
  expect(page.asked('changePreferences')).toEqual([{ quietHours: { from: '21:30' } }])
})

test('push notifications cannot be switched on where there are none, and it says why', async () => {
  await openDialog()
  const here: HTMLInputElement = screen.getByRole('switch', { name: 'Push notifications on this device' })
  await screen.findByText('This browser offers none at this address; they need https.', { selector: '[role=status]' })
  expect([here.disabled, here.checked]).toEqual([true, false])
  // Most people have no wish of that kind: they open it if they have.
  expect(screen.getAllByRole('switch', { name: 'Direct messages' })).toHaveLength(1)
  fireEvent.click(screen.getByRole('button', { name: 'Choose what is pushed' }))
  expect(screen.getAllByRole('switch', { name: 'Direct messages' })).toHaveLength(2)
})

test.each([false, true])(
  'where nothing is mailed yet it says why, and what to do: address proved %s',
  async (emailProved) => {
    await openDialog({ digest: 'day', emailProved })
    expect(screen.queryByText(/Choose “Forgot password\?” where you sign in/) === null).toBe(emailProved)
  },
)

// @vitest-environment jsdom
import { act, renderHook } from '@testing-library/react'
import { beforeEach, expect, test, vi } from 'vitest'
import { useBrowserAlerts } from '@/hooks/useBrowserAlerts'
import { around } from './support/openPage'

const KEY = 'tandem-notification-preferences-ada'
const open = () => renderHook(useBrowserAlerts, { wrapper: around(null) })

beforeEach(() => window.localStorage.clear())

test('what is saved holds in every part of the page, and adds to what was saved before', () => {
  const [here, there] = [open(), open()]

  act(() => {
    expect(here.result.current.save({ sound: true })).toBe(true)
    here.result.current.save({ desktop: true })
  })

  for (const { result } of [here, there]) {
    expect(result.current.browser).toEqual({ sound: true, desktop: true, push: false })
  }
})

test('another tab is heard', () => {
  const { result } = open()
  window.localStorage.setItem(KEY, JSON.stringify({ desktop: true }))

  act(() => void window.dispatchEvent(new StorageEvent('storage', { key: KEY })))

  expect(result.current.browser.desktop).toBe(true)
})

test('a browser that keeps nothing has the defaults, and says that nothing is kept', () => {
  vi.spyOn(Storage.prototype, 'getItem').mockImplementation(() => {
    throw new Error('refused')
  })
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new Error('refused')
  })
  const { result } = open()

  act(() => expect(result.current.save({ sound: true })).toBe(false))

  expect(result.current.browser.sound).toBe(false)
})

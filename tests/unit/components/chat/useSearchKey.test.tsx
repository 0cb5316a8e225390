// @vitest-environment jsdom
import { fireEvent, render, renderHook } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { useSearchKey } from '@/components/chat/useSearchKey'

afterEach(() => vi.restoreAllMocks())

const pressed = (keys: { ctrlKey?: boolean; metaKey?: boolean }, platform = 'Linux x86_64') => {
  vi.spyOn(navigator, 'platform', 'get').mockReturnValue(platform)
  const search = vi.fn()
  const { unmount } = renderHook(() => useSearchKey(search))
  fireEvent.keyDown(document.body, { key: 'k', ...keys })
  unmount()
  return search.mock.calls.length === 1
}

test('Ctrl+K opens the search; on a Mac, where it deletes to the end of the line, the command key does', () => {
  expect(pressed({ ctrlKey: true })).toBe(true)
  expect(pressed({ metaKey: true })).toBe(false)
  expect(pressed({ ctrlKey: true }, 'MacIntel')).toBe(false)
  expect(pressed({ metaKey: true }, 'MacIntel')).toBe(true)
})

test('it opens over no other dialog', () => {
  render(<div role="dialog">Delete?</div>)
  expect(pressed({ ctrlKey: true })).toBe(false)
})

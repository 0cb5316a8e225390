import { describe, expect, it } from 'vitest'
import { createLocalText, readIds } from '@/client/runtime/localText'

/** A browser's storage; `full` once set refuses every write. */
const storage = () => {
  const values = new Map<string, string>()
  const state = { full: false }
  const setItem = (key: string, value: string) => {
    if (state.full) throw new DOMException('full', 'QuotaExceededError')
    values.set(key, value)
  }
  return {
    state,
    getItem: (key: string) => values.get(key) ?? null,
    setItem,
    removeItem: (key: string) => void values.delete(key),
  }
}

describe('a text that the browser keeps', () => {
  it('is read again, replaced and removed', () => {
    const browser = storage()
    const kept = createLocalText(() => browser)
    expect(kept.read('a')).toBeNull()

    expect([kept.write('a', 'one'), kept.write('a', 'two')]).toEqual([true, true])
    expect(createLocalText(() => browser).read('a')).toBe('two')

    kept.write('a', null)
    expect(kept.read('a')).toBeNull()
  })

  it('is the last one that fitted where the storage is full', () => {
    const browser = storage()
    const kept = createLocalText(() => browser)
    kept.write('a', 'one')
    browser.state.full = true

    expect(kept.write('a', 'two')).toBe(false)
    expect(kept.read('a')).toBe('one')
  })

  it.each([
    ['has no storage', () => undefined],
    [
      'refuses to be asked',
      () => {
        throw new DOMException('refused', 'SecurityError')
      },
    ],
  ])('is nothing where the browser %s', (_what, open) => {
    const kept = createLocalText(open)

    expect(kept.write('a', 'one')).toBe(false)
    expect(kept.read('a')).toBeNull()
    expect(readIds(kept, 'a')).toEqual([])
  })
})

describe('ids that the browser keeps', () => {
  it.each([
    ['a list', '["n1","n2"]', ['n1', 'n2']],
    ['something else', '{"n1":true}', []],
    ['no JSON', 'n1', []],
  ])('%s', (_what, text, ids) => {
    const kept = createLocalText(storage)
    expect(readIds({ ...kept, read: () => text }, 'a')).toEqual(ids)
  })
})

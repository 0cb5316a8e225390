import { describe, expect, it } from 'vitest'
import { AlertClaims } from '@/client/notifications/AlertClaims'
import { createLocalText, type LocalText } from '@/client/runtime/localText'
import { BrowserLocks } from '../../../support/clients/BrowserLocks'

/** What tabs of one browser share. */
const sharedText = () => {
  const values = new Map<string, string>()
  return createLocalText(() => ({
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  }))
}

const tabs = (count: number, kept: LocalText, userId = 'ada') =>
  Array.from({ length: count }, () => new AlertClaims({ userId, kept, locks: undefined }))

const claims = async (claimants: AlertClaims[], id: string) =>
  (await Promise.all(claimants.map((tab) => tab.claim(id)))).filter(Boolean).length

describe('the claim to an alert', () => {
  it('is one tab’s, however many ask', async () => {
    expect(await claims(tabs(5, sharedText()), 'n1')).toBe(1)
  })

  it('is one tab’s also while the storage does not show yet what another tab wrote', async () => {
    const browser = new BrowserLocks()
    const all = Array.from({ length: 5 }, (_, tab) => {
      return new AlertClaims({ userId: 'ada', kept: sharedText(), locks: browser.of({ tab }) })
    })
    expect([await claims(all, 'n1'), await claims(all, 'n1'), await claims(all, 'n2')]).toEqual([1, 0, 1])
  })

  it('is remembered when the tab that had it is closed', async () => {
    const browser = new BrowserLocks()
    const kept = sharedText()
    const closed = {}
    expect(await claims([new AlertClaims({ userId: 'ada', kept, locks: browser.of(closed) })], 'n1')).toBe(1)
    browser.closeTab(closed)
    expect(await claims([new AlertClaims({ userId: 'ada', kept, locks: browser.of({}) })], 'n1')).toBe(0)
  })

  it('is asked for anew with each notification', async () => {
    const all = tabs(3, sharedText())
    expect([await claims(all, 'n1'), await claims(all, 'n2'), await claims(all, 'n1')]).toEqual([1, 1, 0])
  })

  it('of one person takes nothing from another in the same browser', async () => {
    const kept = sharedText()
    expect(await claims([...tabs(1, kept, 'ada'), ...tabs(1, kept, 'grace')], 'n1')).toBe(2)
  })

  it('is given where the browser keeps nothing: an alert too many is better than none', async () => {
    const refusing = createLocalText(() => {
      throw new Error('refused')
    })
    const missing = createLocalText(() => undefined)
    for (const kept of [missing, refusing]) expect(await claims(tabs(2, kept), 'n1')).toBe(2)
  })
})

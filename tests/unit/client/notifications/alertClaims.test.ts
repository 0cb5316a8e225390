import { describe, expect, it } from 'vitest'
import { AlertClaims } from '@/client/notifications/alertClaims'
import { BrowserLocks } from '../../../support/clients/BrowserLocks'

/** What tabs of one browser share. */
const sharedStorage = () => {
  const values = new Map<string, string>()
  return {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
  }
}

const tabs = (count: number, storage: ReturnType<typeof sharedStorage> | undefined, userId = 'ada') =>
  Array.from({ length: count }, () => new AlertClaims({ userId, storage, locks: undefined }))

const claims = async (claimants: AlertClaims[], id: string) =>
  (await Promise.all(claimants.map((tab) => tab.claim(id)))).filter(Boolean).length

describe('the claim to an alert', () => {
  it('is one tab’s, however many ask', async () => {
    expect(await claims(tabs(5, sharedStorage()), 'n1')).toBe(1)
  })

  it('is one tab’s also while the storage does not show yet what another tab wrote', async () => {
    const browser = new BrowserLocks()
    const all = Array.from({ length: 5 }, (_, tab) => {
      return new AlertClaims({ userId: 'ada', storage: sharedStorage(), locks: browser.of({ tab }) })
    })
    expect([await claims(all, 'n1'), await claims(all, 'n1'), await claims(all, 'n2')]).toEqual([1, 0, 1])
  })

  it('is remembered when the tab that had it is closed', async () => {
    const browser = new BrowserLocks()
    const storage = sharedStorage()
    const closed = {}
    expect(await claims([new AlertClaims({ userId: 'ada', storage, locks: browser.of(closed) })], 'n1')).toBe(1)
    browser.closeTab(closed)
    expect(await claims([new AlertClaims({ userId: 'ada', storage, locks: browser.of({}) })], 'n1')).toBe(0)
  })

  it('is asked for anew with each notification', async () => {
    const all = tabs(3, sharedStorage())
    expect([await claims(all, 'n1'), await claims(all, 'n2'), await claims(all, 'n1')]).toEqual([1, 1, 0])
  })

  it('of one person takes nothing from another in the same browser', async () => {
    const storage = sharedStorage()
    expect(await claims([...tabs(1, storage, 'ada'), ...tabs(1, storage, 'grace')], 'n1')).toBe(2)
  })

  it('is given where the browser keeps nothing: an alert too many is better than none', async () => {
    const refusing = {
      getItem: (): string => {
        throw new Error('refused')
      },
      setItem: () => {
        throw new Error('refused')
      },
    }
    expect(await new AlertClaims({ userId: 'ada', storage: undefined, locks: undefined }).claim('n1')).toBe(true)
    expect(await new AlertClaims({ userId: 'ada', storage: refusing, locks: undefined }).claim('n1')).toBe(true)
  })
})

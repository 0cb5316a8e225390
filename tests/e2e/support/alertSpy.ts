import type { BrowserContext, Page } from '@playwright/test'

/** What a browser's tabs did to call for attention, in all of them together. */
export interface Alerts {
  /** Chimes that were begun. */
  chimes: number
  /** Titles of desktop notifications, in the order in which they were shown. */
  shown: string[]
  /** How often the person was asked whether they may be shown. */
  asked: number
}

/** What the script below puts on every window. */
interface Watched extends Window {
  alertSpyHappened(what: 'chime' | 'shown' | 'asked', title?: string): Promise<void>
  /** The desktop notifications of this tab. */
  shownNotifications: Notification[]
  tabInFront: boolean
}

/** Watches the sounds and desktop notifications of every tab that the context opens from now on. */
export async function spyOnAlerts(context: BrowserContext): Promise<Alerts> {
  const alerts: Alerts = { chimes: 0, shown: [], asked: 0 }
  await context.exposeFunction('alertSpyHappened', (what: 'chime' | 'shown' | 'asked', title = '') => {
    if (what === 'chime') alerts.chimes += 1
    else if (what === 'asked') alerts.asked += 1
    else alerts.shown.push(title)
  })
  await context.addInitScript(() => {
    const page = window as unknown as Watched // as this script makes it
    page.shownNotifications = []
    page.tabInFront = true
    // A chime is two notes; the first starts it.
    let notes = 0
    const start = OscillatorNode.prototype.start
    OscillatorNode.prototype.start = function (when) {
      notes += 1
      if (notes % 2 === 1) void page.alertSpyHappened('chime')
      start.call(this, when)
    }
    // The rule of people's browsers, which this one does not keep: no sound before the page was touched.
    const touched = new Promise<void>((resolve) => {
      for (const touch of ['pointerdown', 'keydown']) addEventListener(touch, () => resolve(), { capture: true })
    })
    const resume = AudioContext.prototype.resume
    AudioContext.prototype.resume = async function () {
      await touched
      await resume.call(this)
    }
    // A browser without windows shows none and says that they are forbidden; here the person allows them when asked.
    // Absent where the page is served over plain http.
    if ('Notification' in window) {
      window.Notification = new Proxy(window.Notification, {
        construct(Real, [title, options]: [string, NotificationOptions?]) {
          const shown = new Real(title, options)
          page.shownNotifications.push(shown)
          void page.alertSpyHappened('shown', title)
          return shown
        },
        get(Real, name) {
          if (name === 'permission') return localStorage.getItem('alertSpyPermission') ?? 'default'
          if (name === 'requestPermission') {
            return async () => {
              localStorage.setItem('alertSpyPermission', 'granted')
              await page.alertSpyHappened('asked')
              return 'granted'
            }
          }
          return Reflect.get(Real, name)
        },
      })
    }
    // Playwright lets every tab believe that it is in front.
    Object.defineProperty(document, 'visibilityState', { get: () => (page.tabInFront ? 'visible' : 'hidden') })
    document.hasFocus = () => page.tabInFront
  })
  return alerts
}

/** Puts the tab behind others, or in front again. */
export const setInFront = (tab: Page, inFront: boolean) =>
  tab.evaluate((value) => {
    const page = window as unknown as Watched // as the script above made it
    page.tabInFront = value
    document.dispatchEvent(new Event('visibilitychange'))
  }, inFront)

/** Clicks the tab's newest desktop notification; resolves to whether that brought the page to the front. */
export const clickShown = (tab: Page) =>
  tab.evaluate(() => {
    const page = window as unknown as Watched // as the script above made it
    let focused = false
    window.focus = () => {
      focused = true
    }
    page.shownNotifications.at(-1)?.dispatchEvent(new Event('click'))
    return focused
  })

import { type Browser, type CDPSession, chromium, type Page, type WebSocket } from '@playwright/test'
import { ensureChromium } from '../../e2e/support/chromium'
import { fillHistory } from './fillHistory'

/** How long after what caused it the page's work is over, in milliseconds. */
const SETTLE_MS = 700
/** How often the main thread is asked while an update is waited for. */
const SAMPLE_MS = 50
const UPDATE_TIMEOUT_MS = 20_000

interface Options {
  baseUrl: string
  socketUrl: string
  admin: { email: string; password: string }
}

/** The live figures in a headless Chromium, with what its main thread has to do for them. */
export class DashboardPage {
  private constructor(
    private readonly browser: Browser,
    private readonly page: Page,
    private readonly cdp: CDPSession,
    private readonly socket: WebSocket,
  ) {}

  static async open({ baseUrl, socketUrl, admin }: Options): Promise<DashboardPage> {
    const browser = await chromium.launch({ executablePath: await ensureChromium() })
    const context = await browser.newContext({ baseURL: baseUrl, viewport: { width: 1280, height: 900 } })
    const signedIn = await context.request.post('/api/auth/login', { data: admin })
    if (!signedIn.ok()) throw new Error(`The admin could not sign in: ${signedIn.status()}`)
    const page = await context.newPage()
    // tsx gives functions their names by a helper that the page does not have.
    await page.addInitScript({ content: `globalThis.__name = (named) => named;(${fillHistory})()` })
    const connected = page.waitForEvent('websocket', (socket) => socket.url().includes(new URL(socketUrl).port))
    await page.goto('/system/health/realtime')
    const socket = await connected
    await page.getByRole('region', { name: 'Verdict', exact: true }).waitFor()
    await page.getByRole('region', { name: 'Open connections', exact: true }).getByRole('row').nth(1).waitFor()
    const cdp = await context.newCDPSession(page)
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
    return new DashboardPage(browser, page, cdp, socket)
  }

  /**
   * Milliseconds of main thread for the next `metrics:update`, with all that happens within 0.7 s after it. The tables ask
   * on their own, every 10 s: `hasTable` when an answer of theirs came within this time.
   */
  async update(): Promise<{ millis: number; hasTable: boolean }> {
    let [start, hasArrived, hasTable] = [await this.busyMs(), false, false]
    const sampling = setInterval(() => {
      void this.busyMs().then((now) => {
        if (!hasArrived) start = now
      })
    }, SAMPLE_MS)
    const noteTables = ({ payload }: { payload: string | Buffer }) => {
      if (hasArrived && /"(connections|rooms)":\[/.test(String(payload))) hasTable = true
    }
    this.socket.on('framereceived', noteTables)
    try {
      await this.frame('metrics:update')
      hasArrived = true
      await this.page.waitForTimeout(SETTLE_MS)
      return { millis: (await this.busyMs()) - start, hasTable }
    } finally {
      clearInterval(sampling)
      this.socket.off('framereceived', noteTables)
    }
  }

  /** As many rows on a page of the connections as it offers. Resolves with what the panel says of all. */
  async showMostRows(): Promise<string> {
    const panel = this.connections()
    await panel.getByRole('combobox', { name: /rows per page/i }).click()
    const loaded = this.frame('"connections":[')
    await this.page.getByRole('option', { name: '100' }).click()
    await loaded
    await this.page.waitForTimeout(SETTLE_MS)
    return (await panel.getByText(/as of/).textContent()) ?? ''
  }

  /** Milliseconds of main thread for the next page of the connections. */
  async nextRows(): Promise<number> {
    const before = await this.busyMs()
    const loaded = this.frame('"connections":[')
    await this.connections().getByRole('button', { name: 'Go to next page' }).click()
    await loaded
    await this.page.waitForTimeout(SETTLE_MS)
    return (await this.busyMs()) - before
  }

  /** How many points the chart is drawn of, by its line. */
  async chartPoints(): Promise<number> {
    const path = await this.page.locator('.MuiLineChart-line, .MuiLineElement-root').first().getAttribute('d')
    return path?.split(/[MLC]/).length ?? 0
  }

  close = (): Promise<void> => this.browser.close()

  private connections = () => this.page.getByRole('region', { name: 'Open connections', exact: true })

  private frame = (part: string) =>
    this.socket.waitForEvent('framereceived', {
      predicate: ({ payload }) => String(payload).includes(part),
      timeout: UPDATE_TIMEOUT_MS,
    })

  /** CPU time of the main thread since the page began, without what being asked costs it. */
  private async busyMs(): Promise<number> {
    const { metrics } = await this.cdp.send('Performance.getMetrics')
    const seconds = (wanted: string) => metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN
    return (seconds('TaskDuration') - seconds('DevToolsCommandDuration')) * 1_000
  }
}

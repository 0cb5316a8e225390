import type { Page } from '@playwright/test'
import { test } from './support/fixtures'
import { twoPeople } from './support/twoPeople'

// Recording the pages would slow them down.
test.use({ trace: 'off' })

const rounds = 20

test('how long a message takes from one browser to the other', async ({ openBrowser }) => {
  const { ada, grace } = await twoPeople(openBrowser)
  const composer = ada.chat.composer(grace.name)
  const millis: number[] = []
  for (let round = 0; round < rounds; round++) {
    const text = `Message number ${round}.`
    await composer.fill(text)
    const entered = whenEntered(ada.chat.page)
    const shown = whenShown(grace.chat.page, text)
    await composer.press('Enter')
    // Both clocks are this machine's.
    millis.push((await shown) - (await entered))
  }
  const sorted = millis.toSorted((a, b) => a - b)
  console.log(`median ${sorted[rounds / 2]} ms, of ${sorted.join(', ')}`)
})

/** When the person presses the next key, in milliseconds since 1970. */
const whenEntered = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<number>((resolve) =>
        addEventListener('keydown', () => resolve(Date.now()), { capture: true, once: true }),
      ),
  )

/** When the text first stands on the page, in milliseconds since 1970. */
const whenShown = (page: Page, text: string) =>
  page.evaluate(
    (wanted) =>
      new Promise<number>((resolve) => {
        const observer = new MutationObserver(() => {
          if (!document.body.textContent.includes(wanted)) return
          observer.disconnect()
          resolve(Date.now())
        })
        observer.observe(document.body, { childList: true, subtree: true, characterData: true })
      }),
    text,
  )

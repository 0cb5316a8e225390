// @vitest-environment jsdom
import { format } from 'node:util'
import { act, render } from '@testing-library/react'
import { AppRouterContext } from 'next/dist/shared/lib/app-router-context.shared-runtime'
import { PathnameContext, SearchParamsContext } from 'next/dist/shared/lib/hooks-client-context.shared-runtime'
import { beforeEach, expect, test, vi } from 'vitest'
import { Played } from '@/app/design/Design'
import { groups } from '@/app/design/groups'
import { ThemeRegistry } from '@/theme/ThemeRegistry'

/** What jsdom has none of: nothing is measured or scrolled here. */
class NoObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
}

const noEvents = { addEventListener() {}, removeEventListener() {}, addListener() {}, removeListener() {} }

/** All that an example does by itself is done by then, in milliseconds. */
const PLAYED_MS = 2_000

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('ResizeObserver', NoObserver)
  vi.stubGlobal('IntersectionObserver', NoObserver)
  vi.stubGlobal('matchMedia', () => ({ matches: false, ...noEvents }))
  Element.prototype.scrollIntoView = () => {}
  return () => {
    vi.useRealTimers()
    Reflect.deleteProperty(Element.prototype, 'scrollIntoView')
  }
})

const router = { push() {}, replace() {}, refresh() {}, prefetch() {}, back() {}, forward() {} }
const examples = groups.flatMap((group) => group.examples)

test.each(examples)('$id is shown', async (example) => {
  const complaints: string[] = []
  vi.spyOn(console, 'error').mockImplementation((...said) => {
    // jsdom does not know this element.
    if (!format(...said).includes('<search>')) complaints.push(format(...said))
  })
  const { container } = render(
    <AppRouterContext value={router as never}>
      <PathnameContext value="/design">
        <SearchParamsContext value={new URLSearchParams()}>
          <ThemeRegistry>
            <Played example={example} />
          </ThemeRegistry>
        </SearchParamsContext>
      </PathnameContext>
    </AppRouterContext>,
  )
  await act(async () => {
    await vi.advanceTimersByTimeAsync(PLAYED_MS)
    await vi.dynamicImportSettled()
  })
  expect(container.textContent || container.querySelector('svg, img, button, input')).toBeTruthy()
  expect(complaints).toEqual([])
})

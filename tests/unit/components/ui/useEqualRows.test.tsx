// @vitest-environment jsdom
import { act, render } from '@testing-library/react'
import { expect, onTestFinished, test, vi } from 'vitest'
import { useEqualRows } from '@/components/ui/useEqualRows'

/** jsdom has neither sizes nor a layout: rows of 50 pixels in a window of 500. */
const inWindow = () => {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      disconnect() {}
    },
  )
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(500)
  vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockReturnValue({ height: 50 } as DOMRect) // all that is read
  onTestFinished(() => {
    vi.unstubAllGlobals()
    vi.restoreAllMocks()
  })
}

function List({ count, onDraw }: { count: number; onDraw: (what: string) => void }) {
  const { setScroller, from, to, above, below } = useEqualRows(count, { rows: 20, rowHeight: 60 })
  onDraw(`${from} to ${to}, ${above} above, ${below} below`)
  return (
    <div ref={setScroller}>
      <ul>
        <li />
      </ul>
    </div>
  )
}

const list = (count: number) => {
  const drawn: string[] = []
  const onDraw = (what: string) => void drawn.push(what)
  const { container, rerender } = render(<List count={count} onDraw={onDraw} />)
  const scroller = container.firstElementChild as HTMLElement // the div above
  return {
    drawn,
    resize: (count: number) => rerender(<List count={count} onDraw={onDraw} />),
    scrollTo: (top: number) =>
      act(() => {
        scroller.scrollTop = top
        scroller.dispatchEvent(new Event('scroll'))
      }),
  }
}

test('only rows around the view are drawn, and the others keep their place', () => {
  inWindow()
  const { drawn, scrollTo } = list(1_000)
  expect(drawn.at(-1)).toBe('0 to 20, 0 above, 58800 below')

  scrollTo(10_000)
  expect(drawn.at(-1)).toBe('190 to 220, 9500 above, 39000 below')

  scrollTo(49_500)
  expect(drawn.at(-1)).toBe('970 to 1000, 48500 above, 0 below')
})

test('a list that gets shorter shows its end', () => {
  inWindow()
  const { drawn, scrollTo, resize } = list(1_000)
  scrollTo(10_000)

  resize(3)

  expect(drawn.at(-1)).toBe('0 to 3, 0 above, 0 below')
})

// @vitest-environment jsdom
import { act, render, screen } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { late } from '@/components/ui/late'

const Part = ({ open }: { open: boolean }) => <p>{open ? 'open' : 'closed'}</p>

const sign = (name: string) => act(async () => void window.dispatchEvent(new Event(name)))

test('its code comes with the first sign of a person, and once', async () => {
  const load = vi.fn(async () => Part)
  const Late = late(load)
  const { container } = render(<Late open={false} />)
  expect(container.textContent).toBe('')
  expect(load).not.toHaveBeenCalled()

  await sign('pointermove')
  await sign('keydown')

  expect(container.textContent).toBe('closed')
  expect(load).toHaveBeenCalledTimes(1)
})

test('what is opened before is fetched at once; a stand-in keeps its place', async () => {
  let arrive = (_: typeof Part) => {}
  const Late = late(
    () => new Promise<typeof Part>((resolve) => (arrive = resolve)),
    () => <p>soon</p>,
  )
  render(<Late open />)
  screen.getByText('soon')

  await act(async () => arrive(Part))

  screen.getByText('open')
})

test('what could not be fetched is asked for again', async () => {
  const load = vi.fn(async () => Part).mockRejectedValueOnce(new Error('offline'))
  const Late = late(load)
  const { container } = render(<Late open />)
  await sign('blur')
  expect(container.textContent).toBe('')

  await sign('pointerdown')

  expect(container.textContent).toBe('open')
})

test('once it is there it is there for every other of its kind', async () => {
  const Late = late(async () => Part)
  const { container, unmount } = render(<Late open />)
  await sign('blur')
  expect(container.textContent).toBe('open')
  unmount()

  expect(render(<Late open={false} />).container.textContent).toBe('closed')
})

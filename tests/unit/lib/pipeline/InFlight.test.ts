import { expect, test, vi } from 'vitest'
import { InFlight } from '@/lib/pipeline/InFlight'

/** Work that ends when the test says so. */
function held() {
  let finish: (error?: Error) => void = () => {}
  const work = () =>
    new Promise<string>((resolve, reject) => {
      finish = (error) => (error ? reject(error) : resolve('done'))
    })
  return { work, finish: (error?: Error) => finish(error) }
}

test('draining waits for all that runs, also for what fails', async () => {
  const inFlight = new InFlight()
  const [one, other] = [held(), held()]
  const results = Promise.allSettled([inFlight.run(one.work), inFlight.run(other.work)])
  const drained = vi.fn()
  const draining = inFlight.drain().then(drained)
  expect(inFlight.isDraining).toBe(true)

  one.finish(new Error('failed'))
  await new Promise(setImmediate)
  expect(drained).not.toHaveBeenCalled()
  other.finish()
  await draining
  expect(await results).toEqual([
    { status: 'rejected', reason: new Error('failed') },
    { status: 'fulfilled', value: 'done' },
  ])
})

test('with nothing under way there is nothing to wait for; until then it does not drain', async () => {
  const inFlight = new InFlight()
  expect(inFlight.isDraining).toBe(false)
  expect(await inFlight.run(async () => 1)).toBe(1)
  await inFlight.drain()
  expect(inFlight.isDraining).toBe(true)
})

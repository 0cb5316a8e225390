import { onTeardown } from '../teardown'
import { Receiver } from './Receiver'

/** One that stops after the test. */
export async function startReceiver(): Promise<Receiver> {
  const receiver = await Receiver.start()
  onTeardown(() => receiver.stop())
  return receiver
}

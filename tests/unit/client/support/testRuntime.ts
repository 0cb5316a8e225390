import { createRuntime, type Surroundings } from '@/client/runtime/runtime'
import type { Transport } from '@/client/transport/Transport'
import type { Command } from '@/contracts/command'

/** A page that is looked at, and quiet. */
export const quietPage = {
  isVisible: () => true,
  isOnline: () => true,
  onWake: () => () => {},
  onChange: () => () => {},
}

/** What the engine runs on, with a clock of the test's own; back-offs take half of what they may. */
export const testRuntime = (surroundings: Pick<Surroundings, 'clock'> & Partial<Surroundings>) =>
  createRuntime({ random: () => 0.5, log: { warn() {}, error() {} }, page: quietPage, ...surroundings })

/** A transport whose answers the test gives, by command. */
export const playedTransport = (answer: (command: Command, input: unknown) => Promise<unknown>): Transport => ({
  // The answer is of the command's form, which no type can promise for each of them.
  call: (command, input) => answer(command, input) as Promise<never>,
})

import { type AdminEvents, adminCommands } from '@/contracts/admin'
import type { Clock } from '../runtime/clock'
import { NoAnswer } from '../runtime/errors'
import type { NamespaceLink } from '../transport/NamespaceLink'
import type { Transport } from '../transport/Transport'
import type { HealthActions } from './view'

const EVENT_TIMEOUT_MS = 5_000
const CANARY_TIMEOUT_MS = 10_000

/** The connection to ask over, and its clock. `createId` names a question, so that its answer is known. */
export interface DiagnosticsDeps {
  transport: Transport
  link: Pick<NamespaceLink<AdminEvents>, 'on'>
  clock: Clock
  createId(): string
}

/** What an admin can ask of the server besides figures. */
export const createHealthActions = ({ transport, link, clock, createId }: DiagnosticsDeps): HealthActions => {
  /** Runs `send` and resolves once the event came that `isMine` knows, with the milliseconds it took; the event may come first. */
  const untilEvent = async <Answer>(
    listen: (arrived: () => void) => () => void,
    send: () => Promise<Answer>,
    timeoutMs: number,
  ): Promise<{ answer: Answer; arrivedMs: number }> => {
    const sentAt = clock.now()
    let stop = () => {}
    const arrival = new Promise<number>((resolve, reject) => {
      const off = listen(() => resolve(clock.now() - sentAt))
      const cancel = clock.after(timeoutMs, () => reject(new NoAnswer('timeout')))
      stop = () => {
        off()
        cancel()
      }
    })
    try {
      const [answer, arrivedMs] = await Promise.all([send(), arrival])
      return { answer, arrivedMs }
    } finally {
      stop()
    }
  }

  return {
    connections: (input) => transport.call(adminCommands['admin:connections'], input),
    rooms: (input) => transport.call(adminCommands['admin:rooms'], input),
    disconnect: (id) => transport.call(adminCommands['admin:disconnect'], { id }),

    async probe() {
      const sentAt = clock.now()
      const { instance } = await transport.call(adminCommands['diagnostics:probe'], undefined)
      return { roundTripMs: clock.now() - sentAt, instance }
    },

    async echo(text) {
      const { arrivedMs } = await untilEvent(
        (arrived) =>
          link.on('diagnostics:event', (event) => {
            if (event.text === text) arrived()
          }),
        () => transport.call(adminCommands['diagnostics:echo'], { text }),
        EVENT_TIMEOUT_MS,
      )
      return { text, arrivedMs }
    },

    async canary(onReport) {
      const id = createId()
      const { answer, arrivedMs } = await untilEvent(
        (arrived) =>
          link.on('diagnostics:canary', (event) => {
            if (event.id === id) arrived()
          }),
        async () => {
          const report = await transport.call(
            adminCommands['diagnostics:canary'],
            { id },
            { timeoutMs: CANARY_TIMEOUT_MS },
          )
          onReport(report)
          return report
        },
        CANARY_TIMEOUT_MS,
      )
      return { ...answer, receivedMs: arrivedMs }
    },
  }
}

import type { Clock } from '../transport/clock'
import { NoAnswer } from '../transport/errors'
import type { AdminLink } from './AdminLink'
import type { HealthActions } from './view'

const commandTimeoutMs = 5_000
const canaryTimeoutMs = 10_000

interface Deps {
  link: AdminLink
  clock: Clock
  createId(): string
}

/** What an admin can ask of the server besides figures. */
export const createHealthActions = ({ link, clock, createId }: Deps): HealthActions => {
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
    connections: (input) => link.call('admin:connections', input, commandTimeoutMs),
    rooms: (input) => link.call('admin:rooms', input, commandTimeoutMs),
    disconnect: (id) => link.call('admin:disconnect', { id }, commandTimeoutMs),

    async probe() {
      const sentAt = clock.now()
      const { instance } = await link.call('diagnostics:probe', undefined, commandTimeoutMs)
      return { roundTripMs: clock.now() - sentAt, instance }
    },

    async echo(text) {
      const { arrivedMs } = await untilEvent(
        (arrived) =>
          link.on('diagnostics:event', (event) => {
            if (event.text === text) arrived()
          }),
        () => link.call('diagnostics:echo', { text }, commandTimeoutMs),
        commandTimeoutMs,
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
          const report = await link.call('diagnostics:canary', { id }, canaryTimeoutMs)
          onReport(report)
          return report
        },
        canaryTimeoutMs,
      )
      return { ...answer, receivedMs: arrivedMs }
    },
  }
}

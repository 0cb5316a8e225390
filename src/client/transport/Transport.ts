import type { Command, CommandData, CommandInput } from '@/contracts/command'
import { AppError } from '@/contracts/errors'
import type { Namespace } from '@/contracts/namespaces'
import type { Clock } from '../runtime/clock'
import { NetworkError, NoAnswer } from '../runtime/errors'
import type { LinkState } from '../runtime/Poller'
import type { HttpClient } from './HttpClient'

/** Without acknowledgement for this long, the same command goes over HTTP. */
export const ACK_TIMEOUT_MS = 5_000
/** Without connection for this long, commands go over HTTP. */
export const GRACE_MS = 2_000

/** How the engine sends a command, whichever way works. */
export interface Transport {
  /**
   * Over the socket while it is connected; over HTTP when it does not acknowledge in time or is down for longer than a
   * moment. What has no namespace goes over HTTP alone, what has no address of port 3000 over the socket alone. A
   * command may be repeated, so what became of the first attempt does not matter; what makes something takes a `clientId`
   * for that (without it `getOrCreateRoom` makes another group each time).
   *
   * @throws AppError when the server said no, NoAnswer or NetworkError when nobody answered.
   */
  call<C extends Command>(command: C, input: CommandInput<C>, options?: CallOptions): Promise<CommandData<C>>
}

/** How one call is made, where it should be otherwise than usual. Times are milliseconds. */
export interface CallOptions {
  /** How long each way may take; default 5,000 for the socket and 10,000 for HTTP. */
  timeoutMs?: number
  /** Nobody answered on one of the ways: it may have been carried out, whatever the next one says. */
  noAnswer?: () => void
  /** Aborted when nobody waits for the answer any more: what goes over HTTP ends, and rejects with its reason. */
  signal?: AbortSignal
}

/** What this needs of a namespace's live connection. */
export interface CommandLink extends LinkState {
  call<C extends Command>(command: C, input: CommandInput<C>, timeoutMs: number): Promise<CommandData<C>>
  /** How often it was connected again. */
  reconnects: number
  /** It is silent, though the server answered over HTTP: it only looks open. */
  abandon(): void
}

export interface TransportDeps {
  http: HttpClient
  /** The link of a namespace; undefined while this page does not speak with it. */
  linkOf(namespace: Namespace): CommandLink | undefined
  clock: Clock
}

/** Port 3001 has addresses as well, for other services; a page's requests go to 3000. */
const isOnPagesPort = ({ http }: Command): boolean => typeof http === 'string' && http.includes(' /api/')

/**
 * The one way to call a command: over the socket, then over HTTP.
 * @example await transport.call(chatCommands.sendMessage, { roomId, message: 'Hello', clientId: createClientId() })
 */
export const createTransport = ({ http, linkOf, clock }: TransportDeps): Transport => ({
  async call(command, input, { timeoutMs, noAnswer, signal } = {}) {
    const link = command.namespace === null ? undefined : linkOf(command.namespace)
    let reason: NoAnswer['reason'] = 'disconnected'
    let reconnects: number | undefined
    // Twice: a connection that went away under the command may be back within the grace time.
    for (let attempt = 0; link !== undefined && attempt < 2 && reason === 'disconnected'; attempt += 1) {
      // Not awaited while connected: a page that is about to go has no time for that.
      if (!link.connected && !(await connectedSoon(link, clock))) break
      reconnects = link.reconnects
      try {
        return await link.call(command, input, timeoutMs ?? ACK_TIMEOUT_MS)
      } catch (error) {
        if (!(error instanceof NoAnswer || error instanceof NetworkError)) throw error
        noAnswer?.()
        // An answer in another form than ours is that of a server of another version: HTTP may have this page's own.
        reason = error instanceof NoAnswer ? error.reason : 'late'
      }
    }
    if (!isOnPagesPort(command)) throw new NoAnswer(reason)
    const data = await http.call(command, input, { timeoutMs, signal }).catch((error: unknown) => {
      if (!(error instanceof AppError)) noAnswer?.()
      throw error
    })
    // Not when HTTP fails too: then it is the database that is slow, and everyone would reconnect for nothing. Nor when
    // other things arrive: the line is narrow, and a new handshake with its catching up would narrow it further.
    // Nor the connection that has taken its place meanwhile.
    if (reason === 'timeout' && link?.connected && link.reconnects === reconnects) link.abandon()
    return data
  },
})

/** Resolves once connected (true), or once it has been down for the grace time (false); at once where it is stopped. */
const connectedSoon = (link: LinkState, clock: Clock): Promise<boolean> => {
  const leftMs = link.downSince === undefined ? 0 : link.downSince + GRACE_MS - clock.now()
  if (leftMs <= 0) return Promise.resolve(false)
  return new Promise((resolve) => {
    const settle = (connected: boolean) => {
      cancel()
      off()
      resolve(connected)
    }
    const cancel = clock.after(leftMs, () => settle(false))
    const off = link.changed.on(() => {
      if (link.connected || link.downSince === undefined) settle(link.connected)
    })
  })
}

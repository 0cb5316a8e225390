import type { ChatCommands } from '@/contracts/chat'
import type { CommandData, CommandInput } from '@/contracts/command'
import { AppError } from '@/contracts/errors'
import type { ChatApi, FallbackCommand } from '../chat/chatApi'
import type { Clock } from './clock'
import { NoAnswer } from './errors'
import type { ChatLink } from './SocketClient'

/** Without acknowledgement for this long, the same command goes over HTTP. */
export const ackTimeoutMs = 5_000
/** Without connection for this long, commands go over HTTP. */
export const graceMs = 2_000

/** What the ladder needs of the live connection. */
export type CommandSocket = Pick<ChatLink, 'call' | 'connected' | 'downSince' | 'changed'>

/** Resolves once connected (true), or once it has been down for the grace time (false). */
export const connectedSoon = (socket: CommandSocket, clock: Clock): Promise<boolean> => {
  const leftMs = () => (socket.downSince === undefined ? graceMs : socket.downSince + graceMs - clock.now())
  if (socket.connected) return Promise.resolve(true)
  if (leftMs() <= 0) return Promise.resolve(false)
  return new Promise((resolve) => {
    const settle = (connected: boolean) => {
      cancel()
      off()
      resolve(connected)
    }
    const cancel = clock.after(leftMs(), () => settle(false))
    const off = socket.changed.on(() => {
      if (socket.connected) settle(true)
    })
  })
}

export type SendCommand = <Name extends FallbackCommand>(
  name: Name,
  input: CommandInput<ChatCommands[Name]>,
) => Promise<CommandData<ChatCommands[Name]>>

/**
 * The ladder: over the socket while it is connected, over HTTP when it does not acknowledge in time or is down for longer
 * than a moment. Rejects with AppError when the server said no, with another Error when HTTP failed as well; every command
 * may be repeated, so what became of the first attempt does not matter.
 */
export const createSendCommand =
  (deps: {
    socket: CommandSocket
    api: ChatApi
    clock: Clock
    /** The connection did not answer, though the server did over HTTP: it only looks open. */
    suspect?: () => void
  }): SendCommand =>
  async (name, input) => {
    const { socket, api, clock } = deps
    let wasSilent = false
    // Twice: a connection that went away under the command may be back within the grace time.
    for (let attempt = 0; attempt < 2; attempt += 1) {
      if (!(await connectedSoon(socket, clock))) break
      try {
        return await socket.call(name, input, ackTimeoutMs)
      } catch (error) {
        if (error instanceof AppError) throw error
        if (error instanceof NoAnswer && error.reason === 'timeout') {
          wasSilent = true
          break
        }
      }
    }
    const data = await api.command(name, input)
    // Not when HTTP fails too: then it is the database that is slow, and everyone would reconnect for nothing.
    if (wasSilent) deps.suspect?.()
    return data
  }

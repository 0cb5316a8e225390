import { randomBytes } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import type { Client } from './Client'
import { type Load, type LoadAnswer, type Member, nowMs } from './protocol'

/** Somebody who sends. */
export interface Sender extends Member {
  client: Pick<Client, 'ask'>
}

/** How long answers may take after the load is over, in milliseconds. */
const PATIENCE_MS = 15_000

const CHAT = '/chat'
/** Unlike those of other processes and runs. */
const prefix = randomBytes(6).toString('hex')
let sent = 0

/** The text says when and by whom it was sent. */
const packets: Record<string, (sender: Sender) => string> = {
  sendMessage: ({ roomId, userId }) => {
    sent += 1
    const text = `@${nowMs().toFixed(2)} ${userId} A message of a usual length.`
    return `["sendMessage",{"roomId":"${roomId}","message":"${text}","clientId":"${prefix}-${sent}"}]`
  },
  markMessagesRead: ({ roomId }) => `["markMessagesRead",{"roomId":"${roomId}"}]`,
  // As a page asks: for what changed since it last did.
  ping: () => `["ping",{"away":false,"paged":true,"asOf":"${new Date().toISOString()}"}]`,
  typing: ({ roomId }) => `["typing",{"roomId":"${roomId}","on":true}]`,
}

/** Resolves when the last command is answered, or has waited long enough. */
export async function runLoad(people: readonly Sender[], load: Load): Promise<LoadAnswer> {
  const senders = people.slice(0, load.talkers ?? people.length)
  const perSecond = Array.from({ length: Math.ceil(load.seconds) }, () => 0)
  const took: number[] = []
  const refused: Record<string, number> = {}
  let [messages, unanswered, askedInTime] = [0, 0, 0]
  let afterwards = { commands: 0, seconds: 0 }
  const begunLoop = performance.eventLoopUtilization()
  const begun = performance.now()
  const until = begun + load.seconds * 1_000
  const turns = new Map<Sender, number>()

  const command = (sender: Sender, onAnswer?: () => void) => {
    const turn = turns.get(sender) ?? 0
    turns.set(sender, turn + 1)
    const name = load.mix[turn % load.mix.length] ?? 'sendMessage'
    const packet = packets[name]
    if (!packet) throw new Error(`There is no command ${name}.`)
    unanswered += 1
    const sentAt = performance.now()
    if (sentAt < until) askedInTime += 1
    sender.client.ask(CHAT, packet(sender), (ok, text) => {
      const at = performance.now()
      unanswered -= 1
      if (ok) {
        const second = Math.floor((at - begun) / 1_000)
        if (at < until) perSecond[second] = (perSecond[second] ?? 0) + 1
        else afterwards = { commands: afterwards.commands + 1, seconds: (at - until) / 1_000 }
        if (name === 'sendMessage') {
          messages += 1
          took.push(at - sentAt)
        }
      } else {
        const code = /"code":"(\w+)"/.exec(text)?.[1] ?? text
        refused[code] = (refused[code] ?? 0) + 1
      }
      onAnswer?.()
    })
  }

  if ('inFlight' in load.pace) {
    const again = (sender: Sender) => {
      if (performance.now() < until) command(sender, () => again(sender))
    }
    for (const sender of senders) for (let i = 0; i < load.pace.inFlight; i += 1) again(sender)
    await delay(load.seconds * 1_000)
  } else {
    const all = Math.round(load.pace.perSecond * load.seconds)
    // Nobody waits for anybody else before they write, nor for a clock: at even distances all generators would write at the
    // same moments.
    const moments = Float64Array.from({ length: all }, () => begun + Math.random() * (until - begun)).sort()
    for (let issued = 0; issued < all; await delay(1)) {
      for (const now = performance.now(); (moments[issued] ?? Number.POSITIVE_INFINITY) < now; issued += 1) {
        const sender = senders[issued % senders.length]
        if (sender) command(sender)
      }
    }
  }
  const { utilization } = performance.eventLoopUtilization(begunLoop)
  for (const given = performance.now() + PATIENCE_MS; unanswered > 0 && performance.now() < given; ) await delay(5)
  if (unanswered > 0) refused.unanswered = unanswered
  return {
    perSecond,
    afterwards,
    askedInTime,
    messages,
    acknowledged: Float32Array.from(took),
    refused,
    busy: utilization,
  }
}

import type { Command, CommandData, CommandParsed } from '@/contracts/command'
import { AppError, type ErrorCode, type Reply } from '@/contracts/errors'
import type { Access } from '@/contracts/permissions'
import type { AllowLists } from '@/lib/http/allowLists'
import { limitedNetwork } from '@/lib/http/clientAddress'
import { correlation } from '@/lib/logger/correlation'
import type { RateLimitState } from '@/lib/rate-limit/state'
import type { Actor, NoteAudit } from '@/services/audit/ports'
import type { Logger } from '@/services/shared/Logger'
import { requireAllowedAddress } from './allowedAddress'
import { audit } from './audit'
import { actorOf, type Caller, type CallOrigin, signedIn, type Transport } from './caller'
import { logFailure, toAppError } from './errorHandler'
import { requireAll } from './permissions'
import { enforceRateLimit, type IsLimitUsedUp, type RateLimit } from './rateLimit'
import { logRequest, roomIdOf } from './requestLogger'
import type { Turns } from './Turns'
import type { Timeout } from './timeout'
import { checkSize, parseInput } from './validation'

export interface PipelineDeps {
  logger: Logger
  rateLimit: RateLimit
  /** How long a command may take. */
  timeout: Timeout
  /** From where what may be done; absent: from everywhere. */
  allowLists?: AllowLists | undefined
  /** Whether a limit that counts refusals is used up; absent: never. */
  isLimitUsedUp?: IsLimitUsedUp | undefined
  /** Counts commands; absent: nobody does. */
  observe?: ObserveCommand | undefined
  /** Takes entries for the audit log; absent: none is kept. */
  noteAudit?: NoteAudit | undefined
  /** When a person's commands that read a lot are worked on; absent: all at once. */
  turns?: Turns | undefined
}

/** Told of every command when it is answered: how, after how many milliseconds, and its input's size (0 if it was not read). */
export type ObserveCommand = (
  call: { command: Command; transport: Transport },
  outcome: ErrorCode | 'ok',
  durationMs: number,
  bytes: number,
) => void

export interface CommandCall<C extends Command, By extends Caller> {
  command: C
  transport: Transport
  correlationId: string
  /** As what it is asked for, where that is not the command's permission: with a service's key. */
  access?: Access | undefined
  /** Where the call comes from. */
  from: () => Pick<CallOrigin, 'address' | 'origin'>
  /** Who asks; UNAUTHENTICATED where somebody is needed. */
  authenticate: () => MaybePromise<By>
  /** False: nobody here has seen them before, and finding out who asks takes a look into the database. */
  isKnown?: () => boolean
  /** What a limit counts: the user, or the address of somebody who is not signed in. */
  limitKey: (caller: By) => string
  /** Says in the transport's way what is left of the limit; called for limited commands only. */
  tellLimit?: (state: RateLimitState) => void
  /** The raw input and its size in bytes; BAD_REQUEST or PAYLOAD_TOO_LARGE. */
  read: () => MaybePromise<{ input: unknown; bytes: number }>
  execute: (input: CommandParsed<C>, caller: By, actor: Actor) => Promise<CommandData<C>>
}

/** What is there already is not waited for: of a socket's command, whatever comes before the handler. */
type MaybePromise<T> = T | Promise<T>

/**
 * Every command of all transports: log → address → authenticate → permit → rate-limit → parse → timeout → turn → handler →
 * reply → metrics → audit. It never rejects: whatever was thrown is the reply's error.
 */
export function runCommand<C extends Command, By extends Caller>(
  deps: PipelineDeps,
  call: CommandCall<C, By>,
): Promise<Reply<CommandData<C>>> {
  return correlation.run(call.correlationId, () => runSteps(deps, call))
}

async function runSteps<C extends Command, By extends Caller>(
  deps: PipelineDeps,
  call: CommandCall<C, By>,
): Promise<Reply<CommandData<C>>> {
  const { command, correlationId, transport } = call
  const { name } = command
  const started = performance.now()
  let size = 0
  let caller: By | undefined
  let given: unknown
  const actor = (who: Parameters<typeof actorOf>[0]) => actorOf(who, { transport, correlationId, ...call.from() })
  const end = (outcome: ErrorCode | 'ok', data?: unknown): { userId: string | undefined } => {
    const userId = caller && 'id' in caller ? caller.id : undefined
    const durationMs = performance.now() - started
    if (deps.logger.isDebugging) {
      logRequest(deps.logger, { correlationId, transport, command: name, userId, outcome, durationMs })
    }
    deps.observe?.(call, outcome, durationMs, size)
    if (command.audit) audit(deps.noteAudit, command, actor(caller ?? signedIn(data)), outcome, given)
    return { userId }
  }
  try {
    requireAllowedAddress(deps.allowLists, call.access ?? command.permission, call.from().address)
    // On a socket that was settled with its handshake.
    const asker = transport === 'socket' ? call.authenticate() : identify(deps, call)
    const who = asker instanceof Promise ? await asker : asker
    caller = who
    requireAll(who, command)
    const counted = countCall(deps, call, who)
    if (counted) await counted
    const reading = call.read()
    const { input, bytes } = reading instanceof Promise ? await reading : reading
    size = bytes
    checkSize(bytes)
    given = input
    const parsed = parseInput<C['input']>(command.input, input)
    // The input is here, so that no turn waits for somebody's network; the time counts from here, waiting included.
    const work = () => call.execute(parsed, who, actor(who))
    const data = await deps.timeout.run(inTurn(deps.turns, command, who, work))
    end('ok', data)
    return { ok: true, data }
  } catch (thrown) {
    const error = toAppError(thrown)
    logFailure(deps.logger, name, error, { correlationId, transport, ...end(error.code), roomId: roomIdOf(given) })
    return { ok: false, error: error.toWire(correlationId) }
  }
}

/** Against its limit; undefined: it has none. */
function countCall<C extends Command, By extends Caller>(
  { rateLimit }: PipelineDeps,
  { command, limitKey, tellLimit }: CommandCall<C, By>,
  who: By,
): Promise<void> | undefined {
  // A service answers for many people: its key has a limit of its own, for all commands together.
  if (who !== null && 'isService' in who) return enforceRateLimit(rateLimit, 'service', who.name, tellLimit)
  return command.limit ? enforceRateLimit(rateLimit, command.limit, limitKey(who), tellLimit) : undefined
}

/** A person's calls that read a lot wait for each other; services, and who is not signed in, wait for nobody. */
function inTurn<T>(turns: Turns | undefined, command: Command, who: Caller, work: () => Promise<T>): Promise<T> {
  return turns && command.takesTurns && who && 'id' in who ? turns.run(who.id, work) : work()
}

/**
 * Who asks. Whoever is turned away is counted by the address they come from, apart from what else is counted by addresses:
 * wrong keys keep nobody from registering. An address that has used this up is turned away before anything is looked up,
 * but for those who are known here.
 * @throws AppError UNAUTHENTICATED, SESSION_EXPIRED, or RATE_LIMITED for too many of these.
 */
async function identify<C extends Command, By extends Caller>(
  deps: PipelineDeps,
  { command, authenticate, from, isKnown, tellLimit }: CommandCall<C, By>,
): Promise<By> {
  const { address } = from()
  const module = command.limit ?? 'auth'
  const key = address === null ? undefined : `turned away ${limitedNetwork(address) ?? address}`
  const count = async () => {
    if (key !== undefined) await enforceRateLimit(deps.rateLimit, module, key, tellLimit)
  }
  const { isLimitUsedUp } = deps
  if (isLimitUsedUp && key !== undefined && isKnown?.() === false && (await isLimitUsedUp(module, key))) await count()
  try {
    return await authenticate()
  } catch (error) {
    if (error instanceof AppError && ['UNAUTHENTICATED', 'SESSION_EXPIRED'].includes(error.code)) await count()
    throw error
  }
}

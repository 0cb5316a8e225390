import { randomUUID } from 'node:crypto'
import type { Namespace } from '@/contracts/auth'
import type { Command, CommandData, CommandParsed } from '@/contracts/command'
import { AppError, type ErrorCode, type Reply } from '@/contracts/errors'
import type { RateLimitModule } from '@/contracts/rateLimits'
import { correlation } from '@/lib/logger/correlation'
import type { RateLimitState } from '@/lib/rate-limit/state'
import type { Logger } from '@/services/shared/Logger'
import type { SessionUser } from '@/services/shared/SessionUser'
import { logFailure, toAppError } from './errorHandler'
import { type Permission, requirePermission } from './permissions'
import { enforceRateLimit, type RateLimit } from './rateLimit'
import { startRequestLog } from './requestLogger'
import { withTimeout } from './timeout'
import { checkSize, parseInput } from './validation'

export interface PipelineDeps {
  logger: Logger
  rateLimit: RateLimit
  commandTimeoutMs: number
  /** Counts commands; absent: nobody does. */
  observe?: ObserveCommand | undefined
}

/** Told of every command when it is answered: how, after how many milliseconds, and its input's size (0 if it was not read). */
export type ObserveCommand = (
  call: { name: string; namespace?: Namespace | undefined },
  outcome: ErrorCode | 'ok',
  durationMs: number,
  bytes: number,
) => void

/** What a command asks of its caller besides its input. */
export interface CommandRules {
  limit?: RateLimitModule | undefined
  permission?: Permission | undefined
}

export interface CommandCall<C extends Command, User extends SessionUser | null> {
  name: string
  command: C
  rules: CommandRules
  transport: 'socket' | 'http'
  /** Of a socket command. */
  namespace?: Namespace | undefined
  correlationId: string
  /** Who asks; rejects with UNAUTHENTICATED where somebody is needed. */
  authenticate: () => Promise<User>
  /** What a limit counts: the user, or the address of somebody who is not signed in. */
  limitKey: (user: User) => string
  /** Says in the transport's way what is left of the limit; called for limited commands only. */
  tellLimit?: (state: RateLimitState) => void
  /** The raw input and its size in bytes; rejects with BAD_REQUEST or PAYLOAD_TOO_LARGE. */
  read: () => Promise<{ input: unknown; bytes: number }>
  execute: (input: CommandParsed<C>, user: User) => Promise<CommandData<C>>
}

/**
 * Every command of both transports: log → authenticate → permit → rate-limit → parse → timeout → service → reply
 * → metrics. It never rejects: whatever was thrown is the reply's error.
 */
export function runCommand<C extends Command, User extends SessionUser | null>(
  deps: PipelineDeps,
  call: CommandCall<C, User>,
): Promise<Reply<CommandData<C>>> {
  return correlation.run(call.correlationId, () => runSteps(deps, call))
}

async function runSteps<C extends Command, User extends SessionUser | null>(
  deps: PipelineDeps,
  call: CommandCall<C, User>,
): Promise<Reply<CommandData<C>>> {
  const { correlationId, transport, name } = call
  const finish = startRequestLog(deps.logger, { correlationId, transport, command: name })
  const started = performance.now()
  let size = 0
  let userId: string | undefined
  try {
    const user = await call.authenticate()
    userId = user?.id
    if (call.rules.permission) {
      if (!user) throw new AppError('UNAUTHENTICATED')
      requirePermission(user.role, call.rules.permission)
    }
    if (call.rules.limit) {
      await enforceRateLimit(deps.rateLimit, call.rules.limit, call.limitKey(user), call.tellLimit)
    }
    const { input, bytes } = await call.read()
    size = bytes
    checkSize(bytes)
    const parsed = parseInput<C['input']>(call.command.input, input)
    const data = await withTimeout(deps.commandTimeoutMs, call.execute(parsed, user))
    finish('ok', userId)
    deps.observe?.(call, 'ok', performance.now() - started, size)
    return { ok: true, data }
  } catch (thrown) {
    const error = toAppError(thrown)
    finish(error.code, userId)
    deps.observe?.(call, error.code, performance.now() - started, size)
    logFailure(deps.logger, name, error, { correlationId, transport, userId })
    return { ok: false, error: error.toWire(correlationId) }
  }
}

export const newCorrelationId = (): string => randomUUID()

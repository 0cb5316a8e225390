import * as z from 'zod/mini'
import type { Command } from '@/contracts/command'
import { type ErrorCode, errorTable, WireError } from '@/contracts/errors'
import { hasBody } from '@/contracts/httpRequest'
import { isForServices } from '@/contracts/permissions'
import { isNothing, type JsonSchema } from './schemas'

/** What a refusal is over HTTP. */
export const Failure = z.object({ error: WireError })

/** How a command is asked for: a method of HTTP, or `socket`. */
type Way = string

/** A code that commands bring with their other rules: which ones, and for people when. */
interface GeneralRefusal {
  when: string
  isOf: (command: Command, way: Way) => boolean
}

const needsSomebody = ({ permission }: Command): boolean => permission !== 'anyone'
const isHttpWrite = (way: Way): boolean => way !== 'socket' && hasBody(way)
const always = () => true

/** Also what takes nothing, over HTTP: a body of the kind that another site's form can send is refused. */
function canBeWrong({ input, httpForm }: Command, way: Way): boolean {
  if (way === 'socket') return !takesAll(input)
  return isHttpWrite(way) || httpForm !== undefined || !(takesAll(input) || isNothing(input))
}
/** Whatever is given is an input. */
const takesAll = ({ _zod }: z.ZodMiniType): boolean => _zod.def.type === 'unknown'

/** What a command may be refused with by its permission, limit and input, or because something of ours is not well. */
export const generalRefusals: Partial<Record<ErrorCode, GeneralRefusal>> = {
  BAD_REQUEST: {
    when: 'What it was given is not what it takes, or cannot be done; `issues` says what to change. Not of what takes nothing.',
    isOf: canBeWrong,
  },
  UNAUTHENTICATED: {
    when: 'Nobody is signed in, or the key is not known. Not of what is for anybody.',
    isOf: needsSomebody,
  },
  SESSION_EXPIRED: {
    when: 'The session has ended. Of what is for people who are signed in.',
    isOf: (command) => needsSomebody(command) && !isForServices(command.permission),
  },
  FORBIDDEN: {
    when: 'A permission or a key’s scope is missing, or a rule of this command stands against it. Over HTTP also where the address, or the site of the page that asks, is not among those that may.',
    isOf: ({ permission }, way) => isHttpWrite(way) || !['anyone', 'session'].includes(permission),
  },
  PAYLOAD_TOO_LARGE: { when: 'It was given more than 64 KB. Not of a GET.', isOf: (_, way) => way !== 'GET' },
  RATE_LIMITED: {
    when: 'Its limit is used up; or too many from this address were turned away; or too much was asked for at once.',
    isOf: (command) => command.limit !== null || needsSomebody(command),
  },
  INTERNAL: { when: 'A fault of ours. The log has it under the `correlationId`.', isOf: always },
  UNAVAILABLE: {
    when: 'The database, or something else that is needed, does not answer, or the server stops.',
    isOf: always,
  },
  OVERLOADED: { when: 'There is more to do than can be done.', isOf: always },
  TIMEOUT: { when: 'It was not done within COMMAND_TIMEOUT_MS. Perhaps it was done all the same.', isOf: always },
}

/** Every code that a command may be answered with when it is asked for in this way. */
export const codesOf = (command: Command, way: Way): ErrorCode[] =>
  // Object.keys forgets the literal names.
  (Object.keys(errorTable) as ErrorCode[]).filter(
    (code) => command.errors?.includes(code) || generalRefusals[code]?.isOf(command, way),
  )

/** The same of what is no command and asks for a service's key. */
export const codesWithKey: readonly ErrorCode[] = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'INTERNAL',
  'UNAVAILABLE',
  'OVERLOADED',
  'TIMEOUT',
]

/** A schema whose `error.code`, or `code`, is one of these. */
export const withCode = ($ref: string, place: 'error' | 'code', codes: readonly ErrorCode[]): JsonSchema => ({
  allOf: [{ $ref }, place === 'error' ? { properties: { error: oneOfCodes(codes) } } : oneOfCodes(codes)],
})
const oneOfCodes = (codes: readonly ErrorCode[]): JsonSchema => ({ properties: { code: { enum: [...codes] } } })

/** OpenAPI's refusals; an answer that several operations have is written once, among `components`. */
export class Refusals {
  readonly responses: Record<string, unknown> = {}

  /** Those of an operation, by status. */
  of(codes: readonly ErrorCode[]): Record<string, { $ref: string }> {
    const statuses = new Set(codes.map((code) => errorTable[code].status))
    return Object.fromEntries(
      [...statuses].map((status) => [status, this.refer(codes.filter((code) => errorTable[code].status === status))]),
    )
  }

  private refer(codes: readonly ErrorCode[]): { $ref: string } {
    const name = codes.join('_OR_')
    this.responses[name] ??= {
      description: codes.join(', '),
      content: { 'application/json': { schema: withCode('#/components/schemas/Failure', 'error', codes) } },
    }
    return { $ref: `#/components/responses/${name}` }
  }
}

import type * as z from 'zod/mini'
import type { ErrorCode, Reply } from './errors'
import type { Namespace } from './namespaces'
import type { Access, Permission } from './permissions'
import type { RateLimitModule } from './rateLimits'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * Where HTTP takes a command: on port 3000 below `/api`, else on 3001. What the path names (`:roomId`) are fields of the
 * input; the others come from the query (GET, DELETE) or a JSON body (POST, PUT, PATCH).
 */
export type HttpAddress = `${Method} /${string}`

/** A command that HTTP does not have, and why. */
export interface SocketOnly {
  socketOnly: string
}

/** How HTTP writes an input that its address or its custom names otherwise. */
export interface HttpForm<Input> {
  /** What a request holds. */
  shape: z.ZodMiniType
  /** What `shape` gave, as the command's input. */
  read(request: never): Input
  /** The input as fields of a request. */
  write(input: Input): Record<string, unknown>
}

/** Types `read` by its shape. */
export const httpForm = <Shape extends z.ZodMiniType, Input>(
  shape: Shape,
  read: (request: z.output<Shape>) => Input,
  write: (input: Input) => Record<string, unknown>,
): HttpForm<Input> => ({ shape, read, write })

/** What a command asks for besides its input; stated once, for both transports. */
export interface CommandRules {
  permission: Access
  /** Another service may do it as well, over HTTP, with a key that has the permission's scope. */
  alsoForServices?: true
  /** What a person must hold besides, because of what the answer holds. */
  alsoNeeds?: readonly Permission[]
  /** Whose points a call costs; null where calls are not counted, or counted by the handler. */
  limit: RateLimitModule | null
  http: HttpAddress | SocketOnly
  /** With what it may be refused beside what its other rules bring: what its service throws. docs/api names them. */
  errors?: readonly ErrorCode[]
  /**
   * It may read a lot of the database: of one person only a few such calls are worked on at a time, the others wait. Never
   * what sends, and nothing of services.
   */
  takesTurns?: true
  /** Over HTTP: 201 for each call that succeeds, or only for one that made something. Else 200, or 204 without data. */
  created?: 'always' | 'when made'
  /**
   * Who did it when is kept, refusals too; `in transaction`: what succeeds is written by the repository, together with
   * what it changes.
   */
  audit?: true | 'in transaction'
}

/** A command as a contract writes it: rules, `input` and `data`; its name and namespace come from the table. */
export interface CommandDeclaration<
  Input extends z.ZodMiniType = z.ZodMiniType,
  Data extends z.ZodMiniType = z.ZodMiniType,
  For extends Access = Access,
> extends CommandRules {
  input: Input
  data: Data
  permission: For
  httpForm?: HttpForm<z.input<Input>>
}

/** A command is a question with one answer: the same input, data and rules on both transports. */
export interface Command<
  Input extends z.ZodMiniType = z.ZodMiniType,
  Data extends z.ZodMiniType = z.ZodMiniType,
  For extends Access = Access,
> extends CommandDeclaration<Input, Data, For> {
  /** Its socket event, where it has one. */
  name: string
  /** Where the socket has it; null: HTTP only. */
  namespace: Namespace | null
}

/** Commands by name. */
export type CommandTable = Record<string, Command>

/** What a caller gives: before defaults and coercion. */
export type CommandInput<C extends Command> = z.input<C['input']>
/** What a handler gets: after them. */
export type CommandParsed<C extends Command> = z.output<C['input']>
/** What a command answers. */
export type CommandData<C extends Command> = z.output<C['data']>

/**
 * Declares a command. Without a permission or a limit it does not compile.
 * @example sendMessage: command({ input, data, http: 'POST /api/chat/messages', permission: 'chat:write', limit:
 * 'chat-messages' })
 */
export const command = <Input extends z.ZodMiniType, Data extends z.ZodMiniType, For extends Access>(
  declaration: CommandDeclaration<Input, Data, For>,
): CommandDeclaration<Input, Data, For> => declaration

type Named<T extends Record<string, CommandDeclaration>> = {
  [K in keyof T]: T[K] extends CommandDeclaration<infer Input, infer Data, infer For>
    ? Command<Input, Data, For>
    : never
}

/** The commands of a namespace (null: of HTTP alone), each under its name. */
export function commandTable<T extends Record<string, CommandDeclaration>>(
  namespace: Namespace | null,
  declarations: T,
): Named<T> {
  const named = Object.entries(declarations).map(([name, declaration]) => [name, { ...declaration, name, namespace }])
  return Object.fromEntries(named) as Named<T> // the same names, each with its own types
}

/** Who hears an event. */
export type Audience =
  | "the room's members"
  | "the person's sockets"
  | 'people who are told their presence'
  | 'watching admins'
  | 'the asking socket'

/** An event's payload, and who hears it. */
export interface ServerEvent<Payload extends z.ZodMiniType = z.ZodMiniType> {
  payload: Payload
  to: Audience
}

/** Events by name. */
export type EventTable = Record<string, ServerEvent>
/** What an event carries. */
export type EventPayload<E extends ServerEvent> = z.output<E['payload']>

/** An event from server to client. */
export const event = <Payload extends z.ZodMiniType>(payload: Payload, to: Audience): ServerEvent<Payload> => ({
  payload,
  to,
})

/**
 * The Socket.IO event map of a command table: `(input, acknowledge)`. On the wire the acknowledgement is optional, and so
 * is an input that allows `undefined`; our own client always sends both.
 */
export type CommandEvents<T extends CommandTable> = {
  [K in keyof T]: (input: CommandInput<T[K]>, acknowledge: (reply: Reply<CommandData<T[K]>>) => void) => void
}

/** The Socket.IO event map of events that carry one payload. */
export type PayloadEvents<T extends EventTable> = {
  [K in keyof T]: (payload: EventPayload<T[K]>) => void
}

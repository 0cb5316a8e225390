import type { z } from 'zod'
import type { Reply } from './errors'

/** A command is a question with one answer: the same input and data on both transports. */
export interface Command<Input extends z.ZodType = z.ZodType, Data extends z.ZodType = z.ZodType> {
  input: Input
  data: Data
}

export type CommandTable = Record<string, Command>

export type CommandInput<C extends Command> = z.input<C['input']>
export type CommandParsed<C extends Command> = z.output<C['input']>
export type CommandData<C extends Command> = z.output<C['data']>

export const command = <Input extends z.ZodType, Data extends z.ZodType>(
  input: Input,
  data: Data,
): Command<Input, Data> => ({ input, data })

/**
 * The Socket.IO event map of a command table: `(input, acknowledge)`. On the wire the acknowledgement is optional, and so
 * is an input that allows `undefined`; our own client always sends both.
 */
export type CommandEvents<T extends CommandTable> = {
  [K in keyof T]: (input: CommandInput<T[K]>, acknowledge: (reply: Reply<CommandData<T[K]>>) => void) => void
}

/** The Socket.IO event map of events that carry one payload. */
export type PayloadEvents<T extends Record<string, z.ZodType>> = {
  [K in keyof T]: (payload: z.output<T[K]>) => void
}

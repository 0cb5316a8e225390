import type { Command, CommandInput, HttpAddress } from './command'

/** A command's input as a request carries it. */
export interface HttpRequest {
  method: string
  /** With the values that the address names filled in. */
  path: string
  /** What a GET asks; blank when nothing. */
  query: Record<string, string>
  /** A JSON body; undefined: none. */
  body: Record<string, unknown> | undefined
}

/** Whether the fields that the path does not name travel in a body. */
export const hasBody = (method: string): boolean => method !== 'GET'

/** The two halves of `POST /api/chat/rooms`. */
export function splitAddress(address: HttpAddress): { method: string; path: string } {
  const [method = '', path = ''] = address.split(' ')
  return { method, path }
}

/** How HTTP carries this command with this input. @throws Error for a command that only sockets have. */
export function toHttpRequest<C extends Command>(command: C, input: CommandInput<C>): HttpRequest {
  if (typeof command.http !== 'string') throw new Error(`${command.name} goes over a socket only.`)
  const { method, path } = splitAddress(command.http)
  const fields = { ...asFields(command.httpForm ? command.httpForm.write(input) : input) }
  const filled = path.replaceAll(/:(\w+)/g, (_, name: string) => {
    const value = String(fields[name])
    delete fields[name]
    return encodeURIComponent(value)
  })
  if (hasBody(method)) {
    // Whoever takes fields is sent an object, also one of which all are left out.
    const isSent = Object.keys(fields).length > 0 || (input !== undefined && filled === path)
    return { method, path: filled, query: {}, body: isSent ? fields : undefined }
  }
  const given = Object.entries(fields).filter(([, value]) => value !== undefined)
  return {
    method,
    path: filled,
    query: Object.fromEntries(given.map(([name, value]) => [name, String(value)])),
    body: undefined,
  }
}

const asFields = (input: unknown): Record<string, unknown> =>
  // An object's own fields, whatever they hold.
  typeof input === 'object' && input !== null ? (input as Record<string, unknown>) : {}

import * as z from 'zod/mini'
import type { Command, CommandData, CommandInput } from '@/contracts/command'
import { AppError, type ErrorCode, errorTable, WireError } from '@/contracts/errors'
import { toHttpRequest } from '@/contracts/httpRequest'
import { site } from '@/contracts/site'
import { errorFromWire, NetworkError } from '../runtime/errors'

const TIMEOUT_MS = 10_000

/** Our HTTP API. */
export interface HttpClient {
  /**
   * Sends a command to the address that the contract gives it, and resolves to its data.
   * @throws AppError when the API said no (its WireError is the `cause`), NetworkError when it could not be reached in time,
   * and whatever `signal` was aborted with.
   */
  call<C extends Command>(command: C, input: CommandInput<C>, options?: HttpOptions): Promise<CommandData<C>>
}

/** How long one request may take, in milliseconds, and who may end it. */
export interface HttpOptions {
  /** Default 10,000. */
  timeoutMs?: number | undefined
  /** Aborted when nobody waits for the answer any more. */
  signal?: AbortSignal | undefined
}

export interface HttpClientDeps {
  fetch?: typeof fetch
  /** Before every path; default: where the page's own site has us, which is empty unless it is part of another app. */
  baseUrl?: string
}

const Refusal = z.object({ error: WireError })

const codeOfStatus = (status: number): ErrorCode | undefined =>
  // The table's keys are the codes; Object.keys forgets that.
  (Object.keys(errorTable) as ErrorCode[]).find((code) => errorTable[code].status === status)

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A refusal that is not in our words: a proxy's own 413 or 429, say. Above 499 it is as if nobody had answered. */
const foreignRefusal = (response: Response): Error => {
  const code = response.status < 500 ? codeOfStatus(response.status) : undefined
  if (code === undefined) return new NetworkError(`Something else answered, with status ${response.status}.`)
  const retryAfterSec = Number(response.headers.get('retry-after') ?? Number.NaN)
  return new AppError(code, Number.isFinite(retryAfterSec) ? { retryAfterMs: retryAfterSec * 1_000 } : {})
}

/**
 * Speaks with the pages' own port. In a browser it needs nothing; elsewhere a `baseUrl`, and a `fetch` that sends the
 * cookie.
 */
export const createHttpClient = ({ baseUrl = site.mount, ...deps }: HttpClientDeps = {}): HttpClient => {
  const doFetch: typeof fetch = deps.fetch ?? ((...args) => globalThis.fetch(...args))

  const exchange = async (url: string, init: RequestInit, { timeoutMs = TIMEOUT_MS, signal }: HttpOptions) => {
    signal?.throwIfAborted()
    const abort = new AbortController()
    const timer = setTimeout(() => abort.abort(), timeoutMs)
    const leave = () => abort.abort()
    signal?.addEventListener('abort', leave)
    try {
      const response = await doFetch(url, { ...init, signal: abort.signal })
      return { response, text: await response.text() }
    } catch (cause) {
      signal?.throwIfAborted()
      const { aborted } = abort.signal
      throw new NetworkError(aborted ? 'The server did not answer in time.' : 'The server was not reached.', { cause })
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', leave)
    }
  }

  return {
    async call(command, input, options = {}) {
      const { method, path, query, body } = toHttpRequest(command, input)
      const search = new URLSearchParams(query).toString()
      const url = `${baseUrl}${path}${search && `?${search}`}`
      const json = { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
      const init = { method, cache: 'no-store' as const, ...(body === undefined ? {} : json) }
      const { response, text } = await exchange(url, init, options)
      const answer = parseJson(text)
      if (!response.ok) {
        const said = Refusal.safeParse(answer)
        throw said.success ? errorFromWire(said.data.error) : foreignRefusal(response)
      }
      const schema: typeof command.data = command.data
      const parsed = schema.safeParse(answer)
      // A captive portal answers 200 with its own page; an older or newer server with another shape.
      if (!parsed.success) throw new NetworkError('The answer is not in the expected form.', { cause: parsed.error })
      return parsed.data as CommandData<typeof command> // what this command's own schema made
    },
  }
}

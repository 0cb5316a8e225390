import { z } from 'zod'
import { AppError, type ErrorCode, errorTable, WireError } from '@/contracts/errors'
import { errorFromWire } from './errors'

/** The server was not reached, or something else answered in its place. Whether the request was carried out is unknown. */
export class NetworkError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'NetworkError'
  }
}

export interface HttpClientDeps {
  fetch?: typeof fetch
  /** Before every path; empty in a browser. */
  baseUrl?: string
  /** Default 10,000. */
  timeoutMs?: number
}

interface RequestOptions<Schema extends z.ZodType> {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  path: string
  query?: Record<string, string | number | undefined>
  body?: unknown
  schema: Schema
}

const refusal = z.object({ error: WireError })

const queryString = (query: Record<string, string | number | undefined> = {}) => {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]))
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`
}

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
 * Our HTTP API, typed by a schema. Rejects with AppError when the API said no (its WireError is the `cause`) and with
 * NetworkError when it could not be reached in time.
 */
export const createHttpClient = (deps: HttpClientDeps = {}) => {
  const { baseUrl = '', timeoutMs = 10_000 } = deps
  const doFetch: typeof fetch = deps.fetch ?? ((...args) => globalThis.fetch(...args))

  const exchange = async (url: string, init: RequestInit): Promise<{ response: Response; text: string }> => {
    const abort = new AbortController()
    const timer = setTimeout(() => abort.abort(), timeoutMs)
    try {
      const response = await doFetch(url, { ...init, signal: abort.signal })
      return { response, text: await response.text() }
    } catch (cause) {
      throw new NetworkError(
        abort.signal.aborted ? 'The server did not answer in time.' : 'The server was not reached.',
        {
          cause,
        },
      )
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    async request<Schema extends z.ZodType>(options: RequestOptions<Schema>): Promise<z.output<Schema>> {
      const { response, text } = await exchange(`${baseUrl}${options.path}${queryString(options.query)}`, {
        method: options.method,
        cache: 'no-store',
        ...(options.body === undefined
          ? {}
          : { body: JSON.stringify(options.body), headers: { 'content-type': 'application/json' } }),
      })
      const body = parseJson(text)
      if (!response.ok) {
        const said = refusal.safeParse(body)
        throw said.success ? errorFromWire(said.data.error) : foreignRefusal(response)
      }
      const parsed = options.schema.safeParse(body)
      // A captive portal answers 200 with its own page; an older or newer server with another shape.
      if (!parsed.success) throw new NetworkError('The answer is not in the expected form.', { cause: parsed.error })
      return parsed.data
    },
  }
}

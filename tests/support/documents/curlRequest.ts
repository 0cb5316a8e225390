import { parseArgs } from 'node:util'

export interface CurlRequest {
  method: string
  /** As it is written: with a host of an example, and variables in it perhaps. */
  url: string
}

/** What a curl command asks for. @throws Error at an option that no document uses, so that it is looked at once. */
export function curlRequest(args: readonly string[]): CurlRequest {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      request: { type: 'string', short: 'X' },
      header: { type: 'string', short: 'H', multiple: true },
      data: { type: 'string', short: 'd', multiple: true },
      cookie: { type: 'string', short: 'b' },
      'cookie-jar': { type: 'string', short: 'c' },
      get: { type: 'boolean', short: 'G' },
      silent: { type: 'boolean', short: 's' },
      'show-error': { type: 'boolean', short: 'S' },
      fail: { type: 'boolean', short: 'f' },
      'fail-with-body': { type: 'boolean' },
    },
  })
  const [url, ...more] = positionals
  if (url === undefined || more.length > 0) throw new Error(`curl asks for one address: ${args.join(' ')}`)
  return { method: values.request ?? (values.data && !values.get ? 'POST' : 'GET'), url }
}

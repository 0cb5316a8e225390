import { readdirSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { extname, join } from 'node:path'
import { eachRequest } from './eachRequest'

/** Where a build lies, from the folder that the process runs in; browsers know it by `address`. */
const built = { folder: join('.next', 'static'), address: '/_next/static/' }

const types: Record<string, string> = {
  '.js': 'application/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
}

/** Addresses of which a packed copy lies beside the file, under the same name with `.br`. */
function packedAddresses(folder: string): Set<string> {
  try {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    return new Set(names.filter((name) => name.endsWith('.br')).map((name) => built.address + name.slice(0, -3)))
  } catch {
    return new Set() // `next dev` has none
  }
}

/** Browsers ask for brotli on https and on their own machine. */
const takesBrotli = ({ headers }: IncomingMessage) =>
  /(^|[\s,])br\s*(,|$)/.test(String(headers['accept-encoding'] ?? ''))

/**
 * From now on this process sends scripts and styles as the build packed them (`scripts/support/packStatic.ts`), to those
 * who take that. Next packs each answer anew with gzip, which is a seventh larger; all else about the answer stays its own.
 */
export function sendPackedFiles(folder = built.folder): void {
  const packed = packedAddresses(folder)
  if (packed.size === 0) return
  eachRequest(({ request, response }) => {
    const [address = ''] = (request.url ?? '').split('?')
    const type = types[extname(address)]
    if (type === undefined || !packed.has(address) || !takesBrotli(request)) return
    request.url = `${address}.br`
    response.setHeader('Content-Type', type)
    response.setHeader('Content-Encoding', 'br')
    response.setHeader('Vary', 'Accept-Encoding')
  })
}

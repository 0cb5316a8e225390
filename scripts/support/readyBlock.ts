import { networkInterfaces } from 'node:os'
import type { RuntimeConfig } from '@/lib/env/config'
import { isLoopback } from '@/lib/env/hosts'
import { paint } from './output'
import type { PreparedDatabase } from './prepareDatabase'
import { demoLines } from './seedDemo'

/** How others on the network get in. */
function toOpen({ port }: RuntimeConfig): string {
  const outside = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  const own = outside.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? 'THIS-MACHINE'
  return `Only this machine reaches it. For your network, start with HOST=:: PUBLIC_URL=http://${own}:${port}`
}

/** What a person needs to know when everything serves. */
export function readyBlock(config: RuntimeConfig, database: PreparedDatabase): string {
  const { embedded } = database
  const rows: [string, string][] = [['Open', paint('cyan', config.publicUrl)]]
  if (config.hosts.every(isLoopback)) rows.push(['', paint('dim', toOpen(config))])
  const demo = database.demo ? demoLines(database.demo) : []
  rows.push(...demo.map((line, index): [string, string] => [index === 0 ? 'Demo' : '', line]))
  rows.push(['Data', embedded ? config.dataDir : 'in the database of DATABASE_URL'])
  if (embedded && !embedded.clusterDir.startsWith(config.dataDir)) rows.push(['', `${embedded.clusterDir} (database)`])
  rows.push(['Logs', config.logDir], ['Stop', 'Ctrl-C'])
  const body = rows.map(([name, text]) => `  ${paint('dim', name.padEnd(6))} ${text}`)
  return ['', `  ${paint('bold', 'Tandem is running')}`, '', ...body, ''].join('\n')
}

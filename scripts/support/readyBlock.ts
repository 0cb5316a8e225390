import type { RuntimeConfig } from '@/lib/env/config'
import { demoAccounts } from '../../prisma/demoAccounts'
import { paint } from './output'
import type { PreparedDatabase } from './prepareDatabase'

/** What a person needs to know when everything serves. */
export function readyBlock(config: RuntimeConfig, database: PreparedDatabase): string {
  const { embedded } = database
  const rows: [string, string][] = [['Open', paint('cyan', config.publicUrl)]]
  if (database.hasDemoAccounts) {
    const width = Math.max(...demoAccounts.map(({ email }) => email.length))
    demoAccounts.forEach(({ email, password, role }, index) => {
      const admin = role === 'admin' ? paint('dim', '  (admin)') : ''
      rows.push([index === 0 ? 'Demo' : '', `${email.padEnd(width)}  ${password}${admin}`])
    })
  }
  rows.push(['Data', embedded ? config.dataDir : 'in the database of DATABASE_URL'])
  if (embedded && !embedded.clusterDir.startsWith(config.dataDir)) rows.push(['', `${embedded.clusterDir} (database)`])
  rows.push(['Logs', config.logDir], ['Stop', 'Ctrl-C'])
  const body = rows.map(([name, text]) => `  ${paint('dim', name.padEnd(6))} ${text}`)
  return ['', `  ${paint('bold', 'Tandem is running')}`, '', ...body, ''].join('\n')
}

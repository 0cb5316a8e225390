import pg from 'pg'
import { vi } from 'vitest'

export interface Plan {
  /** The statement, in one line. */
  statement: string
  /** As EXPLAIN writes it. */
  plan: string
}

/**
 * From now on every statement of this database, also those inside of functions and of foreign keys' checks, says with which
 * plan it was carried out. Of connections that are made after this.
 */
export async function watchPlans(databaseUrl: string): Promise<Plan[]> {
  const plans: Plan[] = []
  const connect = pg.Client.prototype.connect
  vi.spyOn(pg.Client.prototype, 'connect').mockImplementation(function (this: pg.Client, callback) {
    this.on('notice', ({ message }) => {
      const [, statement, plan] = /plan:\nQuery Text: (.*?)\n(\S[^\n]*\(cost=.*)$/s.exec(message ?? '') ?? []
      if (statement && plan) plans.push({ statement: statement.replaceAll(/\s+/g, ' ').trim(), plan })
    })
    return connect.call(this, callback)
  })
  const admin = new pg.Client({ connectionString: databaseUrl })
  await admin.connect()
  const database = admin.escapeIdentifier(new URL(databaseUrl).pathname.slice(1))
  const settings = {
    session_preload_libraries: 'auto_explain',
    'auto_explain.log_min_duration': '0',
    'auto_explain.log_nested_statements': 'on',
    'auto_explain.log_level': 'notice',
    'auto_explain.log_analyze': 'on',
    'auto_explain.log_timing': 'off',
  }
  await admin.query(`LOAD 'auto_explain'`) // makes its settings known
  for (const [name, value] of Object.entries(settings)) {
    await admin.query(`ALTER DATABASE ${database} SET ${name} = '${value}'`)
  }
  await admin.end()
  return plans
}

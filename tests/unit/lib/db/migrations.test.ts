import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const dir = 'prisma/migrations'
/** Those before were applied long ago. */
const names = readdirSync(dir).filter((name) => name >= '20261122230000' && !name.endsWith('.toml'))

test.each(names)('%s keeps nobody waiting long for a table that everybody uses (decision 005)', (name) => {
  const sql = readFileSync(join(dir, name, 'migration.sql'), 'utf8')
  const own = [...sql.matchAll(/CREATE TABLE "(\w+)"/g)].map(([, table]) => table)
  const locked = [...sql.matchAll(/(?:ALTER TABLE|REFERENCES|TRIGGER \w+ AFTER \w+ ON) "?(\w+)"?/g)]
    .map(([, table]) => table)
    .filter((table) => table !== 'NEW' && !own.includes(table))
  const fills = /^INSERT INTO/m.test(sql)
  if (locked.length > 0) expect(sql).toMatch(/^SET LOCAL lock_timeout = /m)
  expect(fills && locked.length > 0).toBe(false)
})

import pg from 'pg'
import { beforeAll, expect, test } from 'vitest'
import { createDatabase } from '@/lib/db/database'
import { IdentityPeople } from '@/lib/db/repositories/IdentityPeople'
import { addressOf, type IdentityRow } from '@/lib/db/repositories/writeIdentityPeople'
import { silentLogger } from '@/services/shared/Logger'
import { createTestDatabase } from '../../support/postgres/createTestDatabase'
import { onTeardown } from '../../support/teardown'

const CONNECTIONS = 10

let db: pg.Pool
let people: IdentityPeople

beforeAll(async () => {
  const url = await createTestDatabase()
  const pool = new pg.Pool({ connectionString: url, max: 1 })
  pool.on('error', () => {}) // the database is dropped under its last connection
  onTeardown(() => pool.end())
  db = pool
  const database = createDatabase({ url, poolSize: CONNECTIONS, logger: silentLogger, applicationName: 'test' })
  onTeardown(() => database.close())
  people = new IdentityPeople(database)
})

const person = (id: string, name = id): IdentityRow => ({ id, name, avatarImage: null })

test('many requests at once that write down the same new people are all served', async () => {
  for (let round = 0; round < 10; round += 1) {
    const fresh = ['a', 'b', 'c'].map((letter) => person(`${letter}${round}`))
    const orders = Array.from({ length: CONNECTIONS }, (_, at) => (at % 2 ? fresh : fresh.toReversed()))
    await Promise.all(orders.map((order) => people.write(order)))
  }
  const { rows } = await db.query('SELECT count(*)::int AS count FROM users')
  expect(rows).toEqual([{ count: 30 }])
})

test('whoever comes second at any unique column is no failure', async () => {
  const email = addressOf('late')
  await db.query(`INSERT INTO users (id, email, name) VALUES ('early', $1, 'Somebody else')`, [email])
  expect(await people.write([person('late'), person('other')])).toEqual([{ id: 'other', disabled: false }])
})

test('whoever is as said is not locked, so nobody waits for a search; whoever changed is', async () => {
  const known = [person('one'), person('two')]
  await people.write(known)
  await db.query('BEGIN')
  try {
    await db.query(`SELECT FROM users WHERE id = 'one' FOR UPDATE`)
    await people.write(known)
    await expect(people.write([person('one', 'Another name')])).rejects.toThrow()
  } finally {
    await db.query('ROLLBACK')
  }
})

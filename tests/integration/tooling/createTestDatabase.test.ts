import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { createTestDatabase } from '../../support/postgres/createTestDatabase'

async function connect(connectionString: string) {
  const client = new pg.Client({ connectionString })
  await client.connect()
  onTestFinished(() => client.end())
  return client
}

const addUser = "INSERT INTO users (id, email, name) VALUES ('u', 'ada@example.com', 'Ada')"
const countUsers = 'SELECT count(*)::int AS count FROM users'

const ofFile = await createTestDatabase()

test('a test database is migrated and empty', async () => {
  const { rows } = await (await connect(ofFile)).query(countUsers)
  expect(rows).toEqual([{ count: 0 }])
})

let ofTest = ''

test('each test database is its own', async () => {
  ofTest = await createTestDatabase()
  await (await connect(ofFile)).query(addUser)
  const { rows } = await (await connect(ofTest)).query(countUsers)
  expect(rows).toEqual([{ count: 0 }])
})

test('the database of an earlier test is gone, that of the file is still there', async () => {
  await expect(connect(ofTest)).rejects.toThrow('does not exist')
  const { rows } = await (await connect(ofFile)).query(countUsers)
  expect(rows).toEqual([{ count: 1 }])
})

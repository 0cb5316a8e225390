import { expect, test } from 'vitest'
import { createDatabase } from '@/lib/db/database'
import { silentLogger } from '@/services/shared/Logger'
import { createTestDatabase } from '../../support/postgres/createTestDatabase'
import { onTeardown } from '../../support/teardown'

test('no plan is compiled, which before PostgreSQL 18 takes ten times as long as carrying it out', async () => {
  const url = await createTestDatabase()
  const database = createDatabase({ url, poolSize: 1, logger: silentLogger, applicationName: 'test' })
  onTeardown(() => database.close())
  expect(await database.rows({ text: 'SHOW jit', values: [] })).toEqual([{ jit: 'off' }])
})

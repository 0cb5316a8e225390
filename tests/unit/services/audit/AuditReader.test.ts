import { expect, test, vi } from 'vitest'
import type { AuditRecord } from '@/contracts/audit'
import { AuditReader } from '@/services/audit/AuditReader'
import type { AuditStore } from '@/services/audit/ports'

const record = (id: number, fields: Partial<AuditRecord> = {}): AuditRecord => ({
  id: String(id),
  at: '2026-11-21T12:00:00.000Z',
  action: 'login',
  outcome: 'ok',
  actorId: null,
  actor: 'Ada',
  target: null,
  details: {},
  transport: 'http',
  address: '192.0.2.7',
  origin: null,
  sessionId: null,
  correlationId: null,
  ...fields,
})

/** A log of these records, which hands out pages. */
function logOf(records: AuditRecord[]) {
  const page = vi.fn<AuditStore['page']>(async ({ cursor, limit }) => {
    const start = Number(cursor ?? 0)
    const entries = records.slice(start, start + limit)
    const end = start + entries.length
    return { entries, nextCursor: end < records.length ? String(end) : null }
  })
  return { page }
}

const csvOf = (reader: AuditReader) => new Response(reader.export({})).text()

test.each([
  ['=HYPERLINK("https://evil.example")', `"'=HYPERLINK(""https://evil.example"")"`],
  ['+1', `"'+1"`],
  ['-1', `"'-1"`],
  ['@SUM(A1)', `"'@SUM(A1)"`],
  ['\t=1', `"'\t=1"`],
  ['  =1', `"'  =1"`],
  ['\r=1', `"'\r=1"`],
  ['＝1', `"'＝1"`],
  ['Ada;=1', `"Ada;'=1"`],
  ['Ada;"=1', `"Ada;'""=1"`],
  ['Ada\n=1', `"Ada\n'=1"`],
  ['Ada-Marie; Grace', '"Ada-Marie; Grace"'],
  ['Ada, "the first"', '"Ada, ""the first"""'],
  ['Ada\nKing', '"Ada\nKing"'],
])('a person called %j is shown by a spreadsheet, and never worked out', async (name, field) => {
  const csv = await csvOf(new AuditReader(logOf([record(1, { actor: name })])))
  expect(csv.slice(csv.indexOf('\r\n') + 2)).toContain(`"login","ok",${field},`)
})

test('a file has a heading, a line for each entry, and details as they are', async () => {
  const csv = await csvOf(new AuditReader(logOf([record(1, { details: { count: 3 } })])))
  const lines = csv.split('\r\n')
  expect(lines[0]).toBe(
    '"at","action","outcome","actor","actorId","target","address","origin","transport","sessionId","correlationId","details"',
  )
  expect(lines[1]).toBe(
    '"2026-11-21T12:00:00.000Z","login","ok","Ada","","","192.0.2.7","","http","","","{""count"":3}"',
  )
  expect(lines).toHaveLength(3)
})

test('a file ends after so many rows, and says so', async () => {
  const csv = await csvOf(new AuditReader(logOf(Array.from({ length: 30 }, (_, id) => record(id))), 20))
  expect(csv.match(/"login"/g)).toHaveLength(20)
  expect(csv).toContain('this file ends after 20 rows')
})

test('whoever stops reading costs no further pages', async () => {
  const log = logOf(Array.from({ length: 5_000 }, (_, id) => record(id)))
  const reader = new AuditReader(log).export({}).getReader()
  await reader.read()
  await reader.read()
  await reader.cancel()
  expect(log.page.mock.calls.length).toBeLessThanOrEqual(2)
})

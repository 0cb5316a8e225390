import { randomBytes } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { ConfigError } from './ConfigError'
import { isErrno } from './isErrno'

const DatabaseRecord = z.object({
  /** On 127.0.0.1. */
  port: z.int(),
  password: z.string(),
  /** Where the database's files are: usually in DATA_DIR, elsewhere when PostgreSQL's user cannot enter it. */
  clusterDir: z.string(),
  /** The processes that need the database now; it is stopped when the last of them leaves. */
  leases: z.array(z.object({ id: z.string(), pid: z.int(), startedAt: z.string() })),
})

/** What DATA_DIR remembers of the embedded database (`database.json`, mode 0600). */
export type DatabaseRecord = z.infer<typeof DatabaseRecord>

export const databaseRecordFile = (dataDir: string): string => path.join(dataDir, 'database.json')

/** Undefined when there is none yet. Throws a ConfigError when it is there and cannot be used. */
export async function readDatabaseRecord(dataDir: string): Promise<DatabaseRecord | undefined> {
  const file = databaseRecordFile(dataDir)
  try {
    return DatabaseRecord.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined
    const problem = isErrno(error, 'EACCES')
      ? `${file} belongs to another user. Start as that user, or choose another folder.`
      : `${file} is not as Tandem wrote it. Restore it from a backup, or choose another folder.`
    throw new ConfigError([{ variable: 'DATA_DIR', problem }])
  }
}

/** Replaces the record whole, so that a reader never sees half of it. */
export async function writeDatabaseRecord(dataDir: string, record: DatabaseRecord): Promise<void> {
  const file = databaseRecordFile(dataDir)
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  await writeFile(draft, `${JSON.stringify(record, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' })
  await rename(draft, file)
}

/** The address of the database in that record. */
export function databaseUrlOf(
  { port, password }: Pick<DatabaseRecord, 'port' | 'password'>,
  database = 'tandem',
): string {
  return `postgresql://tandem:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`
}

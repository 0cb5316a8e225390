import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { format } from 'winston'
import { capTotalSize } from '@/lib/logger/capTotalSize'
import { closeFileTransport, createFileTransport } from '@/lib/logger/fileTransport'
import { waitFor } from '../../../support/waitFor'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'tandem-logs-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

/** A file so many minutes old. */
async function write(name: string, bytes: number, minutes: number): Promise<void> {
  const file = path.join(dir, name)
  await writeFile(file, 'x'.repeat(bytes))
  await utimes(file, new Date(), new Date(Date.now() - minutes * 60_000))
}

test('the oldest files go, until the rest fits', async () => {
  await write('application-2026-01-01.log', 400, 40)
  await write('application-2026-01-02.log', 400, 30)
  await write('application-2026-01-02.log.1', 400, 20)
  await write('application-2026-01-03.log', 400, 10)
  await capTotalSize(dir, 1_300)
  expect((await readdir(dir)).sort()).toEqual([
    'application-2026-01-02.log',
    'application-2026-01-02.log.1',
    'application-2026-01-03.log',
  ])
})

test('what the two processes may be writing stays, and so does what is no log file', async () => {
  await write('application-2026-01-02.log', 5_000, 2)
  await write('application-2026-01-02.log.1', 5_000, 1)
  await write('.web-audit.json', 5_000, 900)
  await write('notes.log', 5_000, 900)
  await capTotalSize(dir, 100)
  expect(await readdir(dir)).toHaveLength(4)
})

test('a flood of lines leaves the folder within its bound', async () => {
  const failures: Error[] = []
  const transport = createFileTransport({
    ...{ service: 'socket', dir, format: format.printf(({ message }) => String(message)) },
    onFailure: (error) => failures.push(error),
    sizes: { fileBytes: 10_240, totalBytes: 40_960 },
  })
  if (!transport) throw new Error('it was not opened')
  const line = 'x'.repeat(1_000)
  for (let i = 0; i < 600; i += 1) {
    const message = Symbol.for('message') // what a winston transport writes
    transport.log?.({ level: 'info', message: line, [message]: line }, () => {})
    await readdir(dir) // the disk is as busy with the lines before
  }
  await closeFileTransport(transport)
  const total = async () => {
    const files = (await readdir(dir)).filter((name) => name.startsWith('application'))
    const sizes = await Promise.all(files.map(async (name) => (await stat(path.join(dir, name))).size))
    return sizes.reduce((sum, size) => sum + size, 0)
  }
  await waitFor(async () => (await total()) <= 40_960 + 2 * 10_240 + 2_000)
  expect(await total()).toBeGreaterThan(10_240)
  expect(failures).toEqual([])
})

import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import { createLogger } from '@/lib/logger/createLogger'
import { twoPeopleInARoom } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import { asked } from '../../support/servers/testUser'
import { isRoot } from '../../support/systemTools'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'
import { muteStdout, seriesValue } from './support'

const exec = promisify(execFile)

let servers: TestServers

beforeAll(async () => {
  servers = await startServers()
})

/** A folder on a disk of one megabyte that is full; where none can be mounted, one whose log file is the full device. */
async function fullFolder(): Promise<string> {
  const dir = await mkdtemp(path.join(tmpdir(), 'tandem-full-'))
  onTeardown(() => rm(dir, { recursive: true, force: true }))
  const disk = path.join(dir, 'disk')
  await mkdir(disk)
  const mounted = isRoot && (await exec('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]).then(...yesOrNo))
  if (mounted) {
    onTeardown(async () => void (await exec('umount', ['-l', disk])))
    await expect(writeFile(path.join(disk, 'filler'), Buffer.alloc(2_000_000))).rejects.toThrow('ENOSPC')
  } else {
    await symlink('/dev/full', path.join(disk, `application-${new Date().toISOString().slice(0, 10)}.log`))
  }
  return disk
}

const yesOrNo = [() => true, () => false] as const

test('on a full disk messages still flow, and a counter says how many lines of the log are missing', async () => {
  const printed = muteStdout()
  const logger = createLogger({ service: 'socket', level: 'debug', dir: await fullFolder(), pretty: false })
  onTeardown(() => logger.close())
  const { url } = await servers.startSocket({}, { logger, logFailures: () => logger.failures })
  const { ada, roomId } = await twoPeopleInARoom(servers)
  const failures = async () => {
    const text = await (await fetch(`${url}/metrics`, { headers: { accept: 'text/plain' } })).text()
    return seriesValue(text, 'tandem_log_failures_total', {}) ?? 0
  }

  const chat = await ada.connect({ url }) // its connecting is logged
  await waitFor(async () => (await failures()) > 0)
  for (const message of ['one', 'two', 'three']) {
    await asked(chat, 'sendMessage', { roomId, message, clientId: randomUUID() })
  }
  const before = await failures()
  await ada.connect({ url }) // a line more

  const { rows } = await servers.db.query('SELECT count(*)::int AS n FROM messages')
  expect(rows).toEqual([{ n: 3 }])
  expect(await failures()).toBeGreaterThan(before)
  expect(printed.filter((line) => line.includes('Log files are off'))).toHaveLength(1)
})

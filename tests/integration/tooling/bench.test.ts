import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { commandOf, isAlive, type ProcessStamp, stampOf } from '../../../scripts/support/processes'
import type { Results } from '../../load/results'
import { waitFor } from '../../support/waitFor'

const exec = promisify(execFile)
const bench = ['--import', 'tsx', 'tests/load/bench.ts']

async function temporaryFile(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-bench-test-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  return join(dir, 'bench.json')
}

test('the bench measures all three side by side, and keeps what it found', async () => {
  const file = await temporaryFile()
  const { stdout } = await exec(process.execPath, [...bench, 'pairs', '--quick', '--file', file])
  expect(stdout).toMatch(/\| pairs +\| 1 in flight: messages\/s/)
  const results = JSON.parse(await readFile(file, 'utf8')) as Results // as the bench writes it
  const [first] = results.pairs?.rows ?? []
  for (const peer of ['bare', 'before', 'tandem']) expect(first?.medians[peer]).toBeGreaterThan(0)
})

test('everything it started is gone after an interrupt', async () => {
  const file = await temporaryFile()
  const child = spawn(process.execPath, [...bench, 'pairs', '--quick', '--seconds', '600', '--file', file], {
    stdio: 'ignore',
  })
  const ended = once(child, 'exit')
  // Tandem is the last peer to be started: PostgreSQL, the load generator and the others run by then.
  const started = await waitFor(
    async () => {
      const all = await descendants(child.pid ?? 0)
      return all.some(({ pid }) => commandOf(pid).includes('websocket-standalone')) ? all : undefined
    },
    { timeoutMs: 40_000, what: 'the peers to run' },
  )
  child.kill('SIGINT')
  await ended
  await waitFor(() => !started.some(isAlive), { timeoutMs: 20_000, what: 'all processes to end' })
})

async function descendants(root: number): Promise<ProcessStamp[]> {
  const { stdout } = await exec('ps', ['-A', '-o', 'pid=,ppid='])
  const all = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
  const found = new Set([root])
  for (let before = 0; before !== found.size; ) {
    before = found.size
    for (const [pid = 0, parent = 0] of all) if (found.has(parent)) found.add(pid)
  }
  found.delete(root)
  return [...found].flatMap((pid) => stampOf(pid) ?? [])
}

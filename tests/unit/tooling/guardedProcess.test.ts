import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { startGuarded } from '../../support/guardedProcess'
import { waitFor } from '../../support/waitFor'

const fixture = (name: string) => new URL(`./fixtures/${name}.ts`, import.meta.url)

async function temporaryFile() {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-guarded-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  return join(dir, 'owned')
}

test('stop resolves when what was guarded is gone', async () => {
  const file = await temporaryFile()
  const guarded = await startGuarded<{ pid: number }>(fixture('guardedFile'), { GUARDED_FILE: file })
  expect(guarded.ready.pid).not.toBe(process.pid)
  expect(existsSync(file)).toBe(true)
  await guarded.stop()
  expect(existsSync(file)).toBe(false)
})

test('who waits hears at once that it ended by itself, and nothing when it was stopped', async () => {
  const [killed, stopped] = await Promise.all(
    [1, 2].map(async () => startGuarded(fixture('guardedFile'), { GUARDED_FILE: await temporaryFile() })),
  )
  const deaths: string[] = []
  killed?.died.catch(() => deaths.push('killed'))
  stopped?.died.catch(() => deaths.push('stopped'))
  await stopped?.stop()
  process.kill(killed?.pid ?? 0, 'SIGKILL')
  await waitFor(() => deaths.length > 0)
  expect(deaths).toEqual(['killed'])
})

test('what is guarded goes when the runner is killed', async () => {
  const file = await temporaryFile()
  const runner = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(fixture('guardingRunner'))], {
    env: { ...process.env, GUARDED_FILE: file },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(runner.stdout, 'data')
  expect(existsSync(file)).toBe(true)
  runner.kill('SIGKILL')
  await waitFor(() => !existsSync(file), { what: 'the guarded file to go' })
})

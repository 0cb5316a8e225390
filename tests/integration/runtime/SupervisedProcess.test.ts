import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { stampOf } from '../../../scripts/support/processes'
import { type ProcessSpec, SupervisedProcess } from '../../../scripts/support/SupervisedProcess'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'

let dir: string
let printed: string

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'tandem-supervised-'))
  onTeardown(() => rm(dir, { recursive: true }))
  printed = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text)
    return true
  })
})

/** A program that notes its id and that of a helper it started, and stays. */
const server = `
  const { writeFileSync } = require('node:fs')
  const helper = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  console.log('serving')
  writeFileSync(process.argv[1], process.pid + ' ' + helper.pid)
  setInterval(() => {}, 1000)
`

const pidFile = (): string => path.join(dir, 'pids')

/** The ids of the program and its helper, once they run; `not` is the program before it was started again. */
const pids = async (not = 0): Promise<{ program: number; helper: number } | undefined> => {
  const [program = 0, helper = 0] = (await readFile(pidFile(), 'utf8').catch(() => '')).split(' ').map(Number)
  return program === 0 || program === not || helper === 0 ? undefined : { program, helper }
}

const spec = (more: Partial<ProcessSpec> = {}): ProcessSpec => ({
  name: 'web',
  args: ['-e', server, pidFile()],
  env: process.env,
  isReady: async () => (await pids()) !== undefined,
  graceMs: 5_000,
  quietStart: false,
  ...more,
})

function supervise(more: Partial<ProcessSpec> = {}): SupervisedProcess {
  const supervised = new SupervisedProcess(spec(more))
  onTeardown(() => supervised.stop())
  return supervised
}

const isRunning = (pid: number): boolean => stampOf(pid) !== undefined

describe('a supervised process', () => {
  it('is started again when it is killed, with a line that says so, and its helpers do not pile up', async () => {
    await supervise().ready
    const first = await waitFor(pids)
    process.kill(first.program, 'SIGKILL')
    const second = await waitFor(() => pids(first.program))
    expect(isRunning(second.program)).toBe(true)
    expect(isRunning(first.helper)).toBe(false)
    expect(printed).toContain('web ended with signal SIGKILL. Starting it again in 1 s.')
    await waitFor(() => printed.includes('web is back.'))
  })

  it('prints with its name before every line', async () => {
    await supervise().ready
    await waitFor(() => printed.includes('web    │ serving\n'))
  })

  it('leaves nothing behind when it is stopped, even if it ignores SIGTERM', async () => {
    const stubborn = `process.on('SIGTERM', () => {}); ${server}`
    const supervised = supervise({ args: ['-e', stubborn, pidFile()], graceMs: 200 })
    await supervised.ready
    const { program, helper } = await waitFor(pids)
    await supervised.stop()
    await waitFor(() => !isRunning(program) && !isRunning(helper))
    expect(printed).not.toContain('Starting it again')
  })

  it('is given up when it never gets to serve, with what it said', async () => {
    const supervised = supervise({ args: ['-e', 'console.error("no such file"); process.exit(3)'], quietStart: true })
    await expect(supervised.ready).rejects.toThrow('no such file')
    await expect(supervised.ready).rejects.toThrow('The web process does not start: it ended with code 3.')
    expect(printed).toContain('web ended with code 3. Starting it again in 2 s.')
  })

  it('ends when its supervisor is killed with -9', async () => {
    const script = `
      import { SupervisedProcess } from './scripts/support/SupervisedProcess.ts'
      new SupervisedProcess({ ...JSON.parse(process.argv[1]), env: process.env, isReady: async () => true })
    `
    await writeFile(path.join(dir, 'server.cjs'), server.replace('process.argv[1]', 'process.argv[2]'))
    const given = JSON.stringify(spec({ args: [path.join(dir, 'server.cjs'), pidFile()] }))
    const supervisor = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script, given], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const { program, helper } = await waitFor(pids)
    onTeardown(() => void (isRunning(helper) && process.kill(helper)))
    supervisor.kill('SIGKILL')
    await once(supervisor, 'exit')
    await waitFor(() => !isRunning(program))
  })
})

import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLogger } from '@/lib/logger/createLogger'
import { prettyLine } from '@/lib/logger/formats'
import { waitFor } from '../../../support/waitFor'

let dir: string
let printed: string[]

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'tandem-logs-'))
  printed = []
  // What winston's console transport writes to.
  const { _stdout: stdout } = console as unknown as { _stdout: NodeJS.WriteStream } // Node has it, its types do not
  vi.spyOn(stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0)
})

afterEach(() => rm(dir, { recursive: true, force: true }))

const create = (options: Partial<Parameters<typeof createLogger>[0]> = {}) =>
  createLogger({ service: 'web', level: 'info', dir, pretty: false, ...options })

const logFile = (): string => path.join(dir, `application-${new Date().toISOString().slice(0, 10)}.log`)

const linesOfFile = async (): Promise<unknown[]> =>
  (await readFile(logFile(), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

describe('the log file', () => {
  it('holds a JSON object a line, with the scope in brackets', async () => {
    const logger = create()
    logger
      .scope('Socket')
      .scope('Chat')
      .error('Message failed', { roomId: 'r1', error: new Error('boom') })
    await logger.close()
    expect(await linesOfFile()).toEqual([
      {
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        level: 'error',
        service: 'web',
        message: '[Socket:Chat] Message failed',
        roomId: 'r1',
        error: { name: 'Error', message: 'boom', stack: expect.any(String) },
      },
    ])
  })

  it('is for its own user alone, also one that was there before', async () => {
    await writeFile(logFile(), '', { mode: 0o644 })
    const logger = create()
    logger.info('line')
    const mode = async () => ((await stat(logFile())).mode & 0o777).toString(8)
    await waitFor(async () => (await mode()) === '600')
    await logger.close()
    await rm(logFile())
    const next = create()
    next.info('line')
    await next.close()
    expect(await mode()).toBe('600')
  })

  it('is complete when close resolves, and takes nothing afterwards', async () => {
    const logger = create()
    for (let line = 0; line < 1_000; line += 1) logger.info('line', { line })
    await logger.close()
    logger.info('late')
    expect(await linesOfFile()).toHaveLength(1_000)
  })

  it('is shared by both processes without losing lines', async () => {
    const [web, socket] = [create({ service: 'web' }), create({ service: 'socket' })]
    for (let line = 0; line < 200; line += 1) for (const logger of [web, socket]) logger.info('line')
    await Promise.all([web.close(), socket.close()])
    expect(await linesOfFile()).toHaveLength(400)
  })

  it.each([
    ['debug', true],
    ['info', false],
  ] as const)('at %s says whether what is said for debugging is written: %s', async (level, isDebugging) => {
    const logger = create({ level })
    expect([logger.isDebugging, logger.scope('Chat').isDebugging]).toEqual([isDebugging, isDebugging])
    await logger.close()
  })

  it('leaves out what is below the level', async () => {
    const logger = create({ level: 'warn' })
    logger.info('quiet')
    logger.warn('loud')
    await logger.close()
    expect(await linesOfFile()).toEqual([expect.objectContaining({ message: 'loud' })])
  })

  it('cannot be given a line by what is logged', async () => {
    const logger = create()
    logger.info('one\n{"level":"error","message":"forged"}', { name: '\nforged' })
    await logger.close()
    expect(await linesOfFile()).toHaveLength(1)
  })

  it('keeps a field that has the name of a part of the line', async () => {
    const logger = create()
    logger.info('a message', { message: 'a field', level: 9 })
    await logger.close()
    expect(await linesOfFile()).toEqual([
      expect.objectContaining({ message: 'a message', level: 'info', message_: 'a field', level_: 9 }),
    ])
  })
})

describe('a file that cannot be written', () => {
  const complaints = () => printed.filter((line) => line.includes('Log files are off'))

  it('is given up at once with one line, and the console goes on', async () => {
    await writeFile(path.join(dir, 'file'), '')
    const logger = create({ dir: path.join(dir, 'file', 'logs') })
    logger.info('still here')
    await logger.close()
    expect(complaints()).toHaveLength(1)
    expect(printed.at(-1)).toContain('still here')
  })

  it.runIf(process.platform === 'linux')('is given up when the disk is full, also with one line', async () => {
    await symlink('/dev/full', logFile())
    const logger = create()
    logger.info('first')
    await waitFor(() => complaints().length > 0)
    logger.info('second')
    await logger.close()
    expect(complaints()).toHaveLength(1)
    expect(printed.at(-1)).toContain('second')
    // The first, which failed, and the second, which had no file any more; the complaint is no line of anybody's.
    expect(logger.failures).toBe(2)
    expect(await readdir(dir)).toContain(path.basename(logFile()))
  })
})

describe('a line for people', () => {
  const entry = { timestamp: '2026-01-02T03:04:05.678Z', level: 'info', service: 'web' }

  it('cannot be broken or recoloured by what is logged', () => {
    const line = prettyLine({ ...entry, message: 'a\nb\u001b[2J', fields: { name: 'c\r\nd' } })
    expect(line).not.toContain('\n')
    expect(line).toContain('a\\u000ab\\u001b[2J name=c\\u000d\\u000ad')
  })

  it('shows a stack below it, every line of it indented', () => {
    const fields = { error: { name: 'Error', message: 'x\nforged', code: 'E1', stack: 'Error: x\nforged\n  at y' } }
    const [head, ...stack] = prettyLine({ ...entry, message: 'failed', fields }).split('\n')
    expect(head).toContain('failed error.code=E1')
    expect(stack).toEqual(['    Error: x', '    forged', '      at y'])
  })
})

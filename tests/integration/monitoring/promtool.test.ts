import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import { prometheusDir, ruleFiles, rules } from '../../support/monitoring/prometheusFiles'
import { ensureSystemTool } from '../../support/systemTools'
import { onTeardown } from '../../support/teardown'

let promtool: string

beforeAll(async () => {
  promtool = await ensureSystemTool('promtool')
}, 600_000)

const run = (...args: string[]) => promisify(execFile)(promtool, args)

test('promtool accepts the configuration that compose mounts, with its rules and its credentials', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-promtool-'))
  onTeardown(() => rm(dir, { recursive: true, force: true }))
  await writeFile(join(dir, 'key'), 'a key')
  const source = await readFile(join(prometheusDir, 'prometheus.yml'), 'utf8')
  const here = source
    .replaceAll('/run/secrets/metrics_key', join(dir, 'key'))
    .replace('rules/*.yml', resolve(prometheusDir, 'rules', '*.yml'))
  await writeFile(join(dir, 'prometheus.yml'), here)
  const { stdout } = await run('check', 'config', join(dir, 'prometheus.yml'))
  expect(stdout).toContain('2 rule files found')
  expect(stdout).not.toContain('FAILED')
})

test('promtool accepts every rule', async () => {
  const { stdout } = await run('check', 'rules', ...ruleFiles)
  const found = [...stdout.matchAll(/(\d+) rules found/g)].reduce((total, [, count]) => total + Number(count), 0)
  expect(found).toBe(rules.length)
})

test('every alert fires when it should, and not before', async () => {
  const file = join(prometheusDir, 'tests', 'alerts.test.yml')
  const { stdout } = await run('test', 'rules', file)
  expect(stdout).toContain('SUCCESS')
  const tested = await readFile(file, 'utf8')
  for (const { alert } of rules)
    if (alert) expect(tested, alert).toContain(`alertname: ${alert}\n        exp_alerts:\n`)
})

import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { io } from 'socket.io-client'
import { beforeAll, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { freeLocalPort } from '../../../scripts/support/ports'
import { startLoadBalancer } from '../../support/balancer/startLoadBalancer'
import { dashboardQueries, prometheusDir, rules } from '../../support/monitoring/prometheusFiles'
import { runTool } from '../../support/runTool'
import { twoPeopleInARoom } from '../../support/servers/rooms'
import { type SocketInstance, startServers, type TestServers } from '../../support/servers/servers'
import { ask, asked, type TestUser } from '../../support/servers/testUser'
import { ensureSystemTool } from '../../support/systemTools'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'

/** Lines that stay away while all is well, or without Redis. Whatever else is asked must be answered. */
const quietLines = [
  'Lost on the way, a minute: not published: {{bus}}',
  'Lost on the way, a minute: rate limited: {{module}}',
  'Listening to PostgreSQL, linked to Redis: Redis {{instance}}',
]

/** Prometheus's, which opens nothing else. */
const metricsKey = 'm'.repeat(32)

let servers: TestServers
let instance: SocketInstance
let prometheusUrl: string

beforeAll(async () => {
  servers = await startServers()
  // As in production: /metrics is for who shows a key that may read them.
  const serviceKeys = [{ name: 'prometheus', key: metricsKey, scopes: ['metrics' as const] }]
  instance = await servers.startSocket({ appEnv: 'production', serviceKeys })
  const portOf = (url: string) => Number(new URL(url).port)
  const balancer = await startLoadBalancer({ web: [portOf(servers.webUrl)], ws: [portOf(instance.url)] })
  prometheusUrl = await startPrometheus({
    socket: new URL(instance.url).host,
    web: new URL(servers.webUrl).host,
    balancer: new URL(balancer.metricsUrl).host,
  })
}, 600_000)

/**
 * A real Prometheus with the configuration that compose mounts. What differs: where the targets are, how often it asks,
 * and where its key is kept.
 */
async function startPrometheus(targets: Record<string, string>): Promise<string> {
  const command = await ensureSystemTool('prometheus')
  const dir = await mkdtemp(join(tmpdir(), 'tandem-prometheus-'))
  onTeardown(() => rm(dir, { recursive: true, force: true }))
  const port = await freeLocalPort(undefined)
  const config = parse(await readFile(join(prometheusDir, 'prometheus.yml'), 'utf8'))
  config.global = { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' }
  config.rule_files = [resolve(prometheusDir, 'rules', '*.yml')]
  for (const job of config.scrape_configs) {
    if (job.authorization) job.authorization = { credentials_file: join(dir, 'metrics_key') }
    delete job.dns_sd_configs
    job.static_configs = [{ targets: [targets[job.job_name] ?? `127.0.0.1:${port}`] }]
  }
  await writeFile(join(dir, 'metrics_key'), metricsKey)
  await writeFile(join(dir, 'prometheus.yml'), stringify(config, { aliasDuplicateObjects: false }))
  const url = `http://127.0.0.1:${port}`
  const files = [`--config.file=${join(dir, 'prometheus.yml')}`, `--storage.tsdb.path=${join(dir, 'data')}`]
  const tool = runTool(command, [...files, `--web.listen-address=127.0.0.1:${port}`])
  const isReady = () =>
    fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    )
  await waitFor(isReady, { timeoutMs: 30_000, what: `Prometheus: ${tool.output()}` })
  return url
}

const Answer = z.object({
  data: z.object({
    result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) })),
  }),
})

async function query(expr: string) {
  const response = await fetch(`${prometheusUrl}/api/v1/query?query=${encodeURIComponent(expr)}`)
  if (!response.ok) throw new Error(`${expr}: ${await response.text()}`)
  return Answer.parse(await response.json()).data.result
}

/** As Grafana fills in its variables, with "All" chosen. */
const filledIn = (expr: string) =>
  expr.replaceAll('$__rate_interval', '8s').replaceAll(/\$(environment|instance|namespace)/g, '.*')

/** One round of all that leaves a trace: messages, mistakes, refusals, comings and goings. */
async function makeTraffic(ada: TestUser, roomId: string): Promise<void> {
  const client = await ada.connect({ url: instance.url })
  const notifications = await ada.connectNotifications({ url: instance.url })
  await asked(client, 'sendMessage', { roomId, message: 'hello', clientId: randomUUID() })
  await asked(client, 'syncRooms', { rooms: { [roomId]: 0 } })
  await ask(client, 'joinRoom', { roomId: randomUUID() })
  await ada.http('GET', '/api/chat/rooms')
  const refused = io(`${instance.url}/chat`, { auth: { token: 'forged' }, forceNew: true, reconnection: false })
  await new Promise((resolve) => void refused.once('connect_error', resolve))
  refused.disconnect()
  const again = io(`${instance.url}/chat`, {
    auth: { token: await ada.token(), client: { connectMs: 40, reconnects: 1 } },
    transports: ['websocket'],
    forceNew: true,
  })
  await waitFor(() => again.connected)
  for (const open of [client, notifications, again]) open.disconnect()
  await servers.db.query(`SELECT graphile_worker.add_job('expire', job_key => 'expire')`)
}

test('Prometheus reaches every process, and counts each once', async () => {
  await waitFor(async () => (await query('up == 1')).length === 4, { what: 'four targets' })
  const jobs = (await query('count by (job) (socket_server_uptime_seconds)')).map(({ metric }) => metric.job)
  expect(jobs).toEqual(['socket'])
})

test('every query of the dashboard is answered', async () => {
  const { ada, roomId } = await twoPeopleInARoom(servers)
  let silent = dashboardQueries
  await waitFor(
    async () => {
      await makeTraffic(ada, roomId)
      const answers = await Promise.all(silent.map(async (one) => ({ one, got: await query(filledIn(one.expr)) })))
      // A quotient of two zeros is an answer without a figure.
      silent = answers.filter(({ got }) => got.every(({ value }) => value[1] === 'NaN')).map(({ one }) => one)
      return silent.every(({ name }) => quietLines.includes(name))
    },
    { timeoutMs: 45_000, what: 'all queries to be answered' },
  ).catch((error: unknown) => {
    const names = silent.map(({ name }) => name).filter((name) => !quietLines.includes(name))
    throw new Error(`Nothing is known of: ${names.join('; ')}`, { cause: error })
  })
})

test('nothing is alarming while all is well; when the socket server dies, its alerts begin', async () => {
  const begun = async () =>
    (await query('ALERTS{alertname=~"SocketServerDown|NoSocketServer|WebDown"}')).map(({ metric }) => metric.alertname)
  expect(await begun()).toEqual([])
  const down = rules.find(({ alert }) => alert === 'SocketServerDown')?.expr ?? ''
  expect(await query(down)).toEqual([])

  await instance.app.close()

  await waitFor(async () => (await query(down)).length === 1)
  // They count as pending for as long as `for` says; that they then fire is promtool's to test.
  await waitFor(async () => (await begun()).length === 2)
  expect((await begun()).sort()).toEqual(['NoSocketServer', 'SocketServerDown'])
  const balancer = rules.find(({ alert }) => alert === 'BalancerHasNoServers')?.expr ?? ''
  await waitFor(async () => (await query(balancer)).map(({ metric }) => metric.proxy).join() === 'ws')
})

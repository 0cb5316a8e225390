import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freeLocalPort } from '../../../scripts/support/ports'
import { runTool } from '../runTool'
import { ensureSystemTool } from '../systemTools'
import { onTeardown } from '../teardown'
import { waitFor } from '../waitFor'
import { Replica } from './Replica'
import { startTestDns } from './TestDns'

/** The file that docker-compose.yml mounts. */
const configFile = 'deploy/haproxy/haproxy.cfg'

export interface LoadBalancerOptions {
  /** Ports of the servers that stand for the replicas of `web` and `ws`. */
  web: readonly number[]
  ws: readonly number[]
  env?: Record<string, string>
  /** Runs a changed copy of the file, to see what the changed part is for. */
  change?: (config: string) => string
}

export interface LoadBalancer {
  url: string
  httpsUrl: string
  /** HAProxy's own figures, for Prometheus. */
  metricsUrl: string
  ws: readonly Replica[]
  /** As `--scale ws=…` with one more; resolves with whether it may get clients, when the balancer has checked that. */
  addSocketServer(port: number): Promise<boolean>
  /** Requests and WebSockets that each replica of `ws` was given so far. */
  given(): Promise<number[]>
}

/** HAProxy with the file of docker-compose.yml, and around it what Docker gives: addresses and names. */
export async function startLoadBalancer(options: LoadBalancerOptions): Promise<LoadBalancer> {
  const command = await ensureSystemTool('haproxy')
  const [httpPort, httpsPort, metricsPort, webPort, wsPort] = await Promise.all(
    Array.from({ length: 5 }, () => freeLocalPort(undefined)),
  )
  const startAll = (network: string, port: number, targets: readonly number[]) =>
    Promise.all(targets.map((target, i) => Replica.start(`${network}.${i + 2}`, port, target)))
  const web = await startAll('127.0.1', Number(webPort), options.web)
  const ws = await startAll('127.0.2', Number(wsPort), options.ws)
  const addresses = () => ({
    'web.test': web.map(({ address }) => address),
    'ws.test': ws.map(({ address }) => address),
  })
  const dns = await startTestDns(addresses())

  const env = {
    DNS_ADDRESS: `127.0.0.1:${dns.port}`,
    WEB_ADDRESS: `web.test:${webPort}`,
    WS_ADDRESS: `ws.test:${wsPort}`,
    HTTP_PORT: String(httpPort),
    HTTPS_PORT: String(httpsPort),
    METRICS_PORT: String(metricsPort),
    MAX_CONNECTIONS: '400',
    ...options.env,
  }
  const haproxy = runTool(command, ['-db', '-f', await changed(options.change)], env)
  const metricsUrl = `http://127.0.0.1:${metricsPort}/metrics`
  const figure = async (series: string): Promise<number> => {
    if (haproxy.isGone()) throw new Error(`haproxy has ended: ${haproxy.output()}`)
    const text = await fetch(metricsUrl).then(
      (response) => response.text(),
      () => '', // it does not listen yet
    )
    const line = text.split('\n').find((candidate) => candidate.startsWith(series))
    return Number(line?.split(' ').at(-1) ?? 0)
  }
  const ready = (backend: string) => figure(`haproxy_backend_active_servers{proxy="${backend}"}`)
  await waitFor(async () => (await ready('web')) === web.length && (await ready('ws')) === ws.length, {
    what: 'the balancer to find its servers',
  })
  return {
    url: `http://127.0.0.1:${httpPort}`,
    httpsUrl: `https://127.0.0.1:${httpsPort}`,
    metricsUrl,
    ws,
    given: () => Promise.all(ws.map((_, i) => figure(`haproxy_server_sessions_total{proxy="ws",server="ws${i + 1}"}`))),
    addSocketServer: async (port) => {
      ws.push(await Replica.start(`127.0.2.${ws.length + 2}`, Number(wsPort), port))
      await dns.publish(addresses())
      const check = (state: string) =>
        figure(`haproxy_server_check_status{proxy="ws",server="ws${ws.length}",state="${state}"}`)
      await waitFor(async () => (await check('L7OK')) + (await check('L7STS')) === 1, { what: 'its health check' })
      return (await check('L7OK')) === 1
    },
  }
}

async function changed(change: LoadBalancerOptions['change']): Promise<string> {
  if (!change) return configFile
  const [before, dir] = [await readFile(configFile, 'utf8'), await mkdtemp(join(tmpdir(), 'tandem-haproxy-'))]
  onTeardown(() => rm(dir, { recursive: true, force: true }))
  await chmod(dir, 0o755)
  const after = change(before)
  if (after === before) throw new Error(`Nothing was changed in ${configFile}.`)
  const file = join(dir, 'haproxy.cfg')
  await writeFile(file, after)
  return file
}

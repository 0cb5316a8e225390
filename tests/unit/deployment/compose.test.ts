import { existsSync, readFileSync } from 'node:fs'
import { DCLinter } from 'dclint'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { parseConfig } from '@/lib/env/parseConfig'
import { rateLimitVariables, variables } from '@/lib/env/variables'
import { compose, composeService, interpolate } from '../../support/deployment/compose'

const source = readFileSync('docker-compose.yml', 'utf8')
const dockerfile = readFileSync('Dockerfile', 'utf8').trimEnd().split('\n')
const services = Object.entries(compose.services)
const seconds = (duration = '') => Number(/^(\d+)s$/.exec(duration)?.[1] ?? Number.NaN)

test('dclint has nothing to say about docker-compose.yml', () => {
  const { rules } = parse(readFileSync('.dclintrc', 'utf8'))
  const [result] = new DCLinter({ rules, quiet: false, debug: false, exclude: [] }).lintFiles(
    ['docker-compose.yml'],
    false,
  )
  expect(result?.filePath).toContain('docker-compose.yml')
  expect(result?.messages).toEqual([])
})

const required = [
  'POSTGRES_PASSWORD',
  'POSTGRES_OWNER_PASSWORD',
  'REDIS_PASSWORD',
  'SERVICE_KEY',
  'METRICS_KEY',
  'SESSION_TOKEN_SECRET',
  'GRAFANA_PASSWORD',
  'PUBLIC_URL',
]
test.each(required)('without %s compose stops with a sentence', (missing) => {
  const env = Object.fromEntries(required.filter((name) => name !== missing).map((name) => [name, 'x']))
  expect(() => interpolate(source, env)).toThrow(`required variable ${missing} is missing a value: Set ${missing}`)
  expect(interpolate(source, { ...env, [missing]: 'x' })).not.toContain('${')
})

test('everything that can be configured can be given to the containers', () => {
  // Known to the build, or the same in every container.
  const fixed = ['HOST', 'PORT', 'SOCKET_PORT', 'DATA_DIR', 'LOG_DIR', 'NEXT_PUBLIC_SOCKET_URL']
  const given = Object.keys(composeService('migrate').environment ?? {})
  expect([...given, ...fixed].sort()).toEqual(Object.keys({ ...variables.shape, ...rateLimitVariables.shape }).sort())
})

test('Prometheus has a key of its own, which may read figures and nothing else', () => {
  const { SERVICE_KEYS = '' } = composeService('ws').environment ?? {}
  const key = 'm'.repeat(32)
  const keysOf = (env: Record<string, string>) =>
    parseConfig({ NODE_ENV: 'production', SERVICE_KEYS: interpolate(SERVICE_KEYS, env) }).serviceKeys
  expect(keysOf({ METRICS_KEY: key })).toEqual([{ name: 'prometheus', key, scopes: ['metrics'] }])
  expect(keysOf({ METRICS_KEY: key, SERVICE_KEYS: `billing:${'b'.repeat(32)}:notify` })).toHaveLength(2)
  expect(source).toContain('environment: METRICS_KEY')
  expect(readFileSync('monitoring/prometheus/prometheus.yml', 'utf8')).toContain('/run/secrets/metrics_key')
})

test('no secret has a default, and none is written down', () => {
  expect(source.match(/\$\{\w*(PASSWORD|KEY|SECRET)\w*:-[^}]+\}/g)).toBeNull()
  for (const [name, { environment = {} }] of services) {
    for (const [variable, value] of Object.entries(environment)) {
      if (/PASSWORD|KEY|SECRET|AUTH$/.test(variable) && !variable.startsWith('RATE_LIMIT'))
        expect(value, `${name}: ${variable}`).toMatch(/^(prometheus:)?\$\{/)
    }
  }
})

test('every file and folder that is mounted exists, and every volume and network is declared', () => {
  for (const [name, { volumes, networks }] of services) {
    for (const volume of volumes) {
      const [from = ''] = interpolate(volume, {}).split(':')
      expect(from.startsWith('.') ? existsSync(from) : from in compose.volumes, `${name}: ${volume}`).toBe(true)
    }
    for (const network of networks) expect(compose.networks, name).toHaveProperty(network)
  }
})

test('what runs for ever restarts, has a health check and a time to leave', () => {
  for (const [name, service] of services) {
    if (name === 'migrate') expect(service.restart).toBe('no')
    else {
      expect(service.restart, name).toBe('unless-stopped')
      expect(service.healthcheck, name).toBeDefined()
      expect(seconds(service.stop_grace_period), name).toBeGreaterThan(0)
    }
  }
})

test('everything but PostgreSQL, which changes its user itself, has no capabilities and a read-only disk', () => {
  for (const [name, service] of services) {
    if (name === 'postgres') continue
    expect(service.read_only, name).toBe(true)
    expect(service.cap_drop, name).toEqual(['ALL'])
  }
  expect(dockerfile.at(-3)).toBe('USER node')
})

test('the image of every process comes from the Dockerfile, whose own command is that of the pages', () => {
  const ours = services.filter(([, { image }]) => image.startsWith('tandem:')).map(([name]) => name)
  expect(ours).toEqual(['migrate', 'web', 'ws'])
  expect(JSON.parse(dockerfile.at(-1)?.replace('CMD ', '') ?? '')).toEqual(composeService('web').command)
})

test('only the balancer can be reached from other machines', () => {
  const open = services.filter(([, { ports }]) => ports.some((port) => !port.startsWith('127.0.0.1:')))
  expect(open.map(([name]) => name)).toEqual(['lb'])
})

test('the socket servers and the balancer are given longer to leave than they take', () => {
  const limitMs = /SHUTDOWN_LIMIT_MS = ([\d_]+)/.exec(readFileSync('src/server/websocket-standalone.ts', 'utf8'))?.[1]
  expect(seconds(composeService('ws').stop_grace_period) * 1000).toBeGreaterThan(Number(limitMs?.replaceAll('_', '')))
  const hardStop = /hard-stop-after (\d+s)/.exec(readFileSync('deploy/haproxy/haproxy.cfg', 'utf8'))?.[1]
  expect(seconds(composeService('lb').stop_grace_period)).toBeGreaterThan(seconds(hardStop))
})

test('the balancer looks for the services of docker-compose.yml by their names', () => {
  const addresses = readFileSync('deploy/haproxy/haproxy.cfg', 'utf8').matchAll(/presetenv (?:WEB|WS)_ADDRESS (\S+):/g)
  for (const [, name = ''] of addresses) expect(compose.services).toHaveProperty(name)
  expect(composeService('web').environment?.SOCKET_INTERNAL_URL).toBe('http://ws:3001')
})

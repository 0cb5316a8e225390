import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Deployment } from 'kubernetes-models/apps/v1'
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2'
import { Job } from 'kubernetes-models/batch/v1'
import { Ingress, NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1'
import { ConfigMap, Service } from 'kubernetes-models/v1'
import { expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { parseConfig } from '@/lib/env/parseConfig'
import { rules } from '../../support/monitoring/prometheusFiles'

const dir = 'docs/deployment/kubernetes'
const read = (file: string) => readFileSync(join(dir, file), 'utf8')

interface Manifest {
  file: string
  kind: string
  name: string
  source: { apiVersion: string; kind: string; metadata: { name: string } }
}

const manifests: Manifest[] = [
  'config.yaml',
  'migrate.yaml',
  'web.yaml',
  'ws.yaml',
  'ingress.yaml',
  'network.yaml',
].flatMap((file) =>
  parseAllDocuments(read(file)).map((document) => {
    const source = document.toJS()
    return { file, kind: source.kind, name: source.metadata.name, source }
  }),
)

/** The kinds we use, each with the schema that Kubernetes publishes for it. */
const kinds = {
  ConfigMap,
  Deployment,
  HorizontalPodAutoscaler,
  Ingress,
  Job,
  NetworkPolicy,
  PodDisruptionBudget,
  Service,
}
type Kind = keyof typeof kinds

/** All manifests of a kind; the class holds each to Kubernetes' schema when asked to. */
const allOf = <K extends Kind>(kind: K): InstanceType<(typeof kinds)[K]>[] =>
  manifests
    .filter((manifest) => manifest.kind === kind)
    // The constructors take what the file says; `validate` looks whether that is right.
    .map(({ source }) => new kinds[kind](source as never) as InstanceType<(typeof kinds)[K]>)

const deployments = allOf('Deployment')
const container = (deployment: Deployment) => {
  const [first] = deployment.spec?.template.spec?.containers ?? []
  if (!first) throw new Error('a deployment without a container')
  return first
}

test.each(manifests)('$file: $kind $name is what Kubernetes calls that', ({ kind, source }) => {
  const Model = kinds[kind as Kind]
  expect(Model, `there is no schema for ${kind}`).toBeDefined()
  // As above.
  const model = new Model(source as never)
  expect(model.apiVersion).toBe(source.apiVersion)
  expect(() => model.validate()).not.toThrow()
})

test('every file is YAML, and the kustomization names files that exist', () => {
  for (const file of readdirSync(dir)) {
    for (const document of parseAllDocuments(read(file))) expect(document.errors, file).toEqual([])
  }
  const { resources } = parse(read('kustomization.yaml'))
  for (const file of resources) expect(existsSync(join(dir, file)), file).toBe(true)
})

test('selectors of deployments, services and disruption budgets meet the pods they are meant for', () => {
  for (const deployment of deployments) {
    const labels = deployment.spec?.template.metadata?.labels
    const name = deployment.metadata?.name
    expect(deployment.spec?.selector.matchLabels, name).toEqual(labels)
    const service = allOf('Service').find(({ metadata }) => metadata?.name === name)
    expect(service?.spec?.selector, name).toEqual(labels)
    const budget = allOf('PodDisruptionBudget').find(({ metadata }) => metadata?.name === name)
    expect(budget?.spec?.selector?.matchLabels, name).toEqual(labels)
  }
  const monitors = parseAllDocuments(read('monitoring.yaml')).map((document) => document.toJS())
  const pods = deployments.map(({ spec }) => spec?.template.metadata?.labels)
  for (const { spec } of monitors) expect(pods).toContainEqual(spec.selector.matchLabels)
})

test('ports have one name from the ingress to the process, and the process listens there', () => {
  const { port, socketPort } = parseConfig({ NODE_ENV: 'production' })
  expect(deployments.map((one) => container(one).ports)).toEqual(
    [port, socketPort].map((containerPort) => [{ name: 'http', containerPort }]),
  )
  for (const service of allOf('Service')) {
    expect(service.spec?.ports).toEqual([{ name: 'http', port: 80, targetPort: 'http' }])
  }
  const backends = allOf('Ingress').flatMap(({ spec }) => spec?.rules?.[0]?.http?.paths.map(({ backend }) => backend))
  const services = allOf('Service').map(({ metadata }) => metadata?.name)
  for (const backend of backends) {
    expect(services).toContain(backend?.service?.name)
    expect(backend?.service?.port).toEqual({ name: 'http' })
  }
})

test('only /socket.io/ and /graphql lead from outside to the socket servers', () => {
  const paths = allOf('Ingress').flatMap(({ spec }) => spec?.rules?.[0]?.http?.paths ?? [])
  const toSockets = paths.filter(({ backend }) => backend.service?.name === 'tandem-ws')
  expect(toSockets.map(({ path }) => path)).toEqual(['/socket.io/', '/graphql'])
})

test('every probe asks for an address that the process has', () => {
  const routes = readFileSync('src/lib/sockets/health/routes.ts', 'utf8')
  for (const deployment of deployments) {
    const { startupProbe, readinessProbe, livenessProbe } = container(deployment)
    for (const probe of [startupProbe, readinessProbe, livenessProbe]) {
      const path = probe?.httpGet?.path ?? ''
      const exists = existsSync(`src/app${path}/route.ts`) || routes.includes(`'${path}'`)
      expect(exists, path).toBe(true)
    }
    // A pod whose database is away must not be killed for it.
    expect(livenessProbe?.httpGet?.path).not.toBe('/health/ready')
  }
})

test('a pod has time for preStop and then for its own farewell', () => {
  const ws = deployments.find(({ metadata }) => metadata?.name === 'tandem-ws') as Deployment
  const limitMs = /SHUTDOWN_LIMIT_MS = ([\d_]+)/.exec(readFileSync('src/server/websocket-standalone.ts', 'utf8'))?.[1]
  const [, sleep] = container(ws).lifecycle?.preStop?.exec?.command ?? []
  const grace = ws.spec?.template.spec?.terminationGracePeriodSeconds ?? 0
  expect(grace).toBeGreaterThan(Number(sleep) + Number(limitMs?.replaceAll('_', '')) / 1000)
})

test('no pod runs as root, writes outside its volumes, or holds a secret in its manifest', () => {
  const pods = [...deployments, ...allOf('Job')].map(({ spec }) => spec?.template.spec)
  expect(pods).toHaveLength(3)
  for (const pod of pods) {
    expect(pod?.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 })
    expect(pod?.containers[0]?.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
    expect(pod?.containers[0]?.envFrom?.slice(0, 2)).toEqual([
      { configMapRef: { name: 'tandem' } },
      { secretRef: { name: 'tandem' } },
    ])
  }
  expect(manifests.map(({ kind }) => kind)).not.toContain('Secret')
})

test('the owner of the tables is known to the migration alone', () => {
  const owner = { secretRef: { name: 'tandem-migrate' } }
  for (const deployment of deployments) expect(container(deployment).envFrom).not.toContainEqual(owner)
  expect(allOf('Job')[0]?.spec?.template.spec?.containers[0]?.envFrom).toContainEqual(owner)
})

test('Prometheus has a key of its own', () => {
  expect(read('monitoring.yaml').match(/credentials: .*/g)).toEqual(
    Array(2).fill('credentials: { name: tandem-prometheus, key: METRICS_KEY } }'),
  )
})

test('nobody reaches a pod but who is named, and no pod the metadata service of the cloud', () => {
  const policies = allOf('NetworkPolicy')
  const all = policies.find(({ metadata }) => metadata?.name === 'tandem-nobody')
  expect(all?.spec).toEqual({ podSelector: {}, policyTypes: ['Ingress'] })
  for (const deployment of deployments) {
    const policy = policies.find(({ metadata }) => metadata?.name === deployment.metadata?.name)
    expect(policy?.spec?.podSelector?.matchLabels).toEqual(deployment.spec?.template.metadata?.labels)
    const [port] = container(deployment).ports ?? []
    expect(policy?.spec?.ingress?.flatMap(({ ports }) => ports)).toEqual([{ port: port?.name }])
  }
  const outgoing = policies.find(({ metadata }) => metadata?.name === 'tandem-outgoing')
  const outside = outgoing?.spec?.egress?.flatMap(({ to }) => to ?? []).flatMap(({ ipBlock }) => ipBlock ?? [])
  expect(outside).toEqual([{ cidr: '0.0.0.0/0', except: ['169.254.0.0/16'] }])
})

test('the settings, with the secrets of the command in the guide, start a production', () => {
  const guide = readFileSync('docs/deployment/kubernetes.md', 'utf8')
  const secrets = [...guide.matchAll(/--from-literal=(\w+)=/g)].map(([, name = '']) => name)
  const values = Object.fromEntries(secrets.map((name) => [name, 'x'.repeat(32)]))
  const [config] = allOf('ConfigMap')
  const env = {
    NODE_ENV: 'production' as const,
    ...config?.data,
    ...values,
    DATABASE_URL: 'postgresql://tandem:x@postgres:5432/tandem',
    REDIS_URL: 'redis://tandem:x@redis:6379',
    SERVICE_KEYS: `prometheus:${'m'.repeat(32)}:metrics`,
    DATABASE_MIGRATION_URL: 'postgresql://tandem_owner:x@postgres:5432/tandem',
  }
  expect(secrets.sort()).toEqual([
    'DATABASE_MIGRATION_URL',
    'DATABASE_URL',
    'METRICS_KEY',
    'REDIS_URL',
    'SERVICE_KEY',
    'SERVICE_KEYS',
    'SESSION_TOKEN_SECRET',
  ])
  expect(parseConfig(env)).toMatchObject({ appEnv: 'production', trustedProxyHops: 1 })
})

test('the autoscaler goes by a series that the adapter passes on and the monitor finds', () => {
  const [scaler] = allOf('HorizontalPodAutoscaler')
  const metric = scaler?.spec?.metrics?.[0]?.pods?.metric.name ?? ''
  const adapter = parse(read('prometheus-adapter-values.yaml')).rules.custom[0]
  expect(adapter.seriesQuery).toMatch(new RegExp(`^${metric}\\{`))
  for (const label of Object.keys(adapter.resources.overrides)) expect(adapter.seriesQuery).toContain(`${label}!=""`)
  expect(scaler?.spec?.scaleTargetRef.name).toBe('tandem-ws')
  // The alerts speak of the jobs by the names that the monitors give.
  const jobs = new Set(rules.flatMap(({ expr }) => [...expr.matchAll(/job="(\w+)"/g)].map(([, job]) => job)))
  for (const job of jobs) expect(read('monitoring.yaml')).toContain(`replacement: ${job} }`)
})

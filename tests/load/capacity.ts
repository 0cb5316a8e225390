import type { Results } from './results'

/** What people do at the busiest time of the day. */
const assumed = {
  /** Part of all people who are connected. */
  connected: 0.2,
  /** Messages of each connected person. */
  messagesPerMinute: 0.5,
  /** Of each connected person. */
  pingSeconds: 25,
  /** How busy a core may be, so that nobody waits long. */
  busy: 0.5,
  /** Messages of each person (connected or not) that are kept. */
  messagesPerDay: 20,
}

const PEOPLE = [10_000, 100_000, 1_000_000]

/** What one thing costs, measured. */
interface Costs {
  serverMicros: number
  postgresMicros: number
  redisMicros: number
  pingMicros: { server: number; postgres: number }
  connectionKilobytes: number
  restMegabytes: number
  messageBytes: number
}

/** The median of the row with these words; undefined where it was not measured. */
function find(results: Results, scenario: string, what: string): number | undefined {
  return results[scenario]?.rows.find((row) => row.what.includes(what))?.medians.tandem
}

function costsOf(results: Results): Costs | undefined {
  const several = results.instances?.rows.findIndex(({ what }) => what.startsWith('2 with Redis')) ?? -1
  const ofSeveral = (what: string) =>
    results.instances?.rows.slice(several).find((row) => row.what.includes(what))?.medians.tandem
  const all = ofSeveral('CPU in all')
  const postgresMicros = ofSeveral('of it PostgreSQL')
  const redisMicros = ofSeveral('of it Redis')
  const server = find(results, 'idle', 'server, µs a ping')
  const postgres = find(results, 'idle', 'PostgreSQL, µs a ping')
  const connectionKilobytes = find(results, 'idle', 'a connection')
  const restMegabytes = find(results, 'idle', 'at rest')
  const messageBytes = find(results, 'filled', 'disk')
  if (all === undefined || postgresMicros === undefined || redisMicros === undefined) return undefined
  if (server === undefined || postgres === undefined || connectionKilobytes === undefined) return undefined
  if (restMegabytes === undefined || messageBytes === undefined) return undefined
  const serverMicros = all - postgresMicros - redisMicros
  const pingMicros = { server, postgres }
  return { serverMicros, postgresMicros, redisMicros, pingMicros, connectionKilobytes, restMegabytes, messageBytes }
}

const cores = (value: number) => (value < 10 ? value.toFixed(1) : Math.ceil(value).toLocaleString('en-US'))
const whole = (value: number) => Math.ceil(value).toLocaleString('en-US')

/** What so many people need, computed from what was measured. */
export function capacityPlan(results: Results): string {
  const costs = costsOf(results)
  if (!costs) return 'No plan: it is made of the scenarios idle, instances and filled, measured first.'
  const lines = PEOPLE.map((people) => {
    const connections = people * assumed.connected
    const messages = (connections * assumed.messagesPerMinute) / 60
    const pings = connections / assumed.pingSeconds
    const coresFor = (microsPerSecond: number) => microsPerSecond / 1e6 / assumed.busy
    const sockets = coresFor(messages * costs.serverMicros + pings * costs.pingMicros.server)
    const postgres = coresFor(messages * costs.postgresMicros + pings * costs.pingMicros.postgres)
    const processes = Math.max(2, Math.ceil(sockets))
    const memoryGb = (connections * costs.connectionKilobytes) / 1e6 + (processes * costs.restMegabytes) / 1e3
    const cells = [
      ...[whole(people), whole(connections), whole(messages), whole(pings)],
      ...[`${processes} (${cores(sockets)} cores)`, `${memoryGb.toFixed(1)} GB`],
      ...[cores(postgres), cores(coresFor(messages * costs.redisMicros))],
      `${((people * assumed.messagesPerDay * costs.messageBytes * 365) / 1e9).toFixed(0)} GB`,
    ]
    return `| ${cells.join(' | ')} |`
  })
  return [
    '| people | connections | messages/s | pings/s | socket processes | their memory | PostgreSQL, cores | Redis, cores | disk a year |',
    '|---|---|---|---|---|---|---|---|---|',
    ...lines,
  ].join('\n')
}

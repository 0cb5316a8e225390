import type { Command } from '@/contracts/command'
import { namespacePermissions } from '@/contracts/namespaces'
import { isForServices, type Permission, permissions } from '@/contracts/permissions'
import type { TestServers } from '../../../support/servers/servers'
import { overHttp, overSocket } from './calls'
import { type Sample, samples } from './samples'
import { admins, type CallerName, callers, createWorld, type Outcome, setPermissions, type World } from './world'

const isPermission = (access: string): access is Permission => permissions.some((name) => name === access)
const isPlain = (caller: CallerName) => !admins.includes(caller)

const sampleOf = ({ name }: Command): Sample => {
  const sample = samples[name]
  if (!sample) {
    throw new Error(`${name} has no sample: add an input for it to tests/integration/permissions/matrix/samples.ts.`)
  }
  return sample
}

/** Who is inside of what a command is about. */
const insiders: Record<NonNullable<Sample['concerns']>, readonly CallerName[]> = {
  room: ['member', 'owner'],
  group: ['member', 'owner'],
  notification: ['owner'],
  session: ['owner'],
}

/** What the declaration says, and the few words that a sample adds to it. */
function expected(command: Command, sample: Sample, caller: CallerName, transport: 'socket' | 'http'): Outcome {
  const { permission: access, namespace } = command
  const added = sample.answers?.[caller]
  if (access === 'anyone') return added ?? 'done'
  if (isForServices(access)) return caller === 'service' ? 'done' : 'UNAUTHENTICATED'
  // On port 3001 services may do what admins do there, on port 3000 what says so.
  if (caller === 'service') {
    const isForThem = isOnServicesPort(command) || command.alsoForServices
    return transport === 'http' && isForThem ? 'done' : 'UNAUTHENTICATED'
  }
  if (caller === 'nobody') return 'UNAUTHENTICATED'
  if (caller === 'disabled') return 'SESSION_EXPIRED'
  if (isPermission(access) && lacks(caller, access)) return 'FORBIDDEN'
  if (transport === 'socket' && namespace && lacks(caller, namespacePermissions[namespace])) return 'FORBIDDEN'
  if (sample.concerns && !insiders[sample.concerns].includes(caller)) {
    return sample.tellsNothing ? 'tells nothing' : 'NOT_FOUND'
  }
  return added ?? 'done'
}

const lacks = (caller: CallerName, permission: Permission) => isPlain(caller) && permission.startsWith('admin:')
const isOnServicesPort = ({ http: address }: Command) => typeof address === 'string' && !address.includes(' /api/')

/** By caller; `without` once for each permission that the command asks for. */
type Row = Partial<Record<CallerName | `without ${Permission}`, Outcome>>

/** What each caller gets of a command, and what they should get. The world of `shared` serves where none is used up. */
export async function rowOf(
  servers: TestServers,
  shared: World,
  command: Command,
  transport: 'socket' | 'http',
): Promise<{ is: Row; shouldBe: Row }> {
  const sample = sampleOf(command)
  const asked = [command.permission, ...(command.alsoNeeds ?? [])].filter(isPermission)
  const row = { is: {} as Row, shouldBe: {} as Row }
  for (const caller of callers) {
    if (transport === 'socket' && caller === 'service') continue // they have no way in there
    const world = sample.fresh ? await createWorld(servers) : shared
    const ask = async () => {
      const call = { servers, world, caller, command, input: await sample.input(world, caller) }
      const answer = await (transport === 'socket' ? overSocket(call) : overHttp(call))
      return outcomeOf(answer, sample, world, caller)
    }
    if (caller !== 'without') {
      row.shouldBe[caller] = expected(command, sample, caller, transport)
      row.is[caller] = await ask()
      continue
    }
    for (const permission of asked) {
      await setPermissions(servers, world.people.without, { removed: [permission] })
      row.shouldBe[`without ${permission}`] = 'FORBIDDEN'
      row.is[`without ${permission}`] = await ask()
    }
  }
  return row
}

function outcomeOf(
  answer: { code: Outcome; data?: unknown },
  { concerns, tellsNothing }: Sample,
  world: World,
  caller: CallerName,
): Outcome {
  if (answer.code !== 'done' || !concerns || !tellsNothing || insiders[concerns].includes(caller)) return answer.code
  return tellsNothing(answer.data as never, world, caller) ? 'tells nothing' : 'done' // the command's own answer
}

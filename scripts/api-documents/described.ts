import { allCommands, namespaceContracts } from '@/contracts/all'
import type { Command, ServerEvent } from '@/contracts/command'
import type { Namespace } from '@/contracts/namespaces'
import { isForServices, serviceScopeOf } from '@/contracts/permissions'
import { rateLimitDefaults } from '@/contracts/rateLimits'
import { inProject } from '../support/project'
import { readComments } from './comments'

export interface DescribedCommand {
  command: Command
  /** What the source says of it. */
  text: string
}

export interface DescribedEvent {
  namespace: keyof typeof namespaceContracts
  name: string
  event: ServerEvent
  text: string
}

/** Two namespaces may have a command or an event of one name: each is in the file that is called as its namespace. */
const fileOf = (namespace: Namespace): string => namespace.slice(1)

/**
 * Every command and event of the contract with what its source says of it.
 * @param folder - where that source is.
 * @throws Error that names one without.
 */
export function describeContract(folder = inProject('src', 'contracts')): {
  commands: DescribedCommand[]
  events: DescribedEvent[]
} {
  const comments = readComments(folder)
  const textOf = (kind: 'command' | 'event', name: string, http: string | undefined, file: string | undefined) => {
    const same = comments.filter((one) => one.kind === kind && one.name === name && one.http === http)
    const text = (same.length === 1 ? same[0] : same.find((one) => one.file === file))?.text
    if (!text) throw new Error(`Nothing is written above the ${kind} ${name} in src/contracts.`)
    return text
  }
  return {
    commands: allCommands.map((command) => {
      const http = typeof command.http === 'string' ? command.http : undefined
      return {
        command,
        text: textOf('command', command.name, http, command.namespace ? fileOf(command.namespace) : undefined),
      }
    }),
    events: namespaces.flatMap((namespace) =>
      Object.entries<ServerEvent>(namespaceContracts[namespace].events).map(([name, event]) => ({
        ...{ namespace, name, event },
        text: textOf('event', name, undefined, fileOf(namespace)),
      })),
    ),
  }
}

export const namespaces = Object.keys(namespaceContracts) as (keyof typeof namespaceContracts)[] // forgets the names

/** Who may use it, for people. */
export function accessOf({ permission, alsoNeeds = [], alsoForServices }: Command): string {
  const scope = serviceScopeOf(permission)
  const service =
    scope && (alsoForServices || isForServices(permission)) ? `a service key with the scope \`${scope}\`` : ''
  if (isForServices(permission)) return service
  const person =
    permission === 'anyone'
      ? 'anybody'
      : permission === 'session'
        ? 'whoever is signed in'
        : [permission, ...alsoNeeds].map((name) => `\`${name}\``).join(' and ')
  return service ? `${person}; ${service}` : person
}

/** How often, for people; empty where it is not counted. */
export const limitOf = ({ limit }: Command): string => {
  if (!limit) return ''
  const [points, seconds] = rateLimitDefaults[limit].split('/')
  return `\`${limit}\`: ${points} in ${seconds} s`
}

import type * as z from 'zod/mini'
import * as blocks from '@/contracts/blocks'
import * as chat from '@/contracts/chat'
import * as chatShapes from '@/contracts/chatShapes'
import * as groups from '@/contracts/groups'
import * as messageDetails from '@/contracts/messageDetails'
import * as notifications from '@/contracts/notifications'
import * as preferences from '@/contracts/preferences'
import * as presence from '@/contracts/presence'
import * as reactions from '@/contracts/reactions'
import * as search from '@/contracts/search'
import * as topics from '@/contracts/topics'
import * as users from '@/contracts/users'

const modules: readonly object[] = [
  ...[chatShapes, chat, groups, reactions, search, blocks, messageDetails],
  ...[notifications, preferences, topics, presence, users],
]

/** What the contract's own code calls its schemas; what has no name there is called by where it stands. */
export const schemaNames: ReadonlyMap<z.core.$ZodType, string> = new Map(
  modules
    .flatMap((exported) => Object.entries(exported))
    .flatMap(([name, value]) => (isSchema(value) ? [[value, name] as const] : []))
    // The first name holds: modules pass on what others made.
    .reverse(),
)

function isSchema(value: unknown): value is z.core.$ZodType {
  return typeof value === 'object' && value !== null && '_zod' in value
}

export const pascal = (name: string): string =>
  name
    .split(/\W+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')

/** `presence:sync` has no place in GraphQL: `presenceSync`. */
export const camel = (name: string): string => name.charAt(0) + pascal(name).slice(1)

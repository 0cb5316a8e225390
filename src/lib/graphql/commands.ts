import { allCommands } from '@/contracts/all'
import type { Command } from '@/contracts/command'
import { splitAddress } from '@/contracts/httpRequest'
import { isForServices } from '@/contracts/permissions'

/** Of the addresses that people use: their account, webhooks and the administrators' pages are for HTTP alone. */
const OFFERED = /^\w+ \/api\/(chat|notifications|users|presence|system\/notifications)\b/

/** What people do with their conversations and notifications, and needs no socket. */
export const graphqlCommands: readonly Command[] = allCommands.filter(
  ({ http, permission }) => typeof http === 'string' && OFFERED.test(http) && !isForServices(permission),
)

/** What HTTP reads with GET is a query, all else a mutation. */
export const isQuery = ({ http }: Command): boolean => typeof http === 'string' && splitAddress(http).method === 'GET'

import { peopleCommands } from '@/contracts/people'
import { route } from '@/server/web/routes'

export const GET = route(peopleCommands.listAccounts)

import { peopleCommands } from '@/contracts/people'
import { route } from '@/server/web/routes'

export const DELETE = route(peopleCommands.endSessionsOf)

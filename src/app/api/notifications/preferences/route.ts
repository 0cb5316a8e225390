import { preferenceCommands } from '@/contracts/preferences'
import { route } from '@/server/web/routes'

export const GET = route(preferenceCommands.readPreferences)
export const PATCH = route(preferenceCommands.changePreferences)

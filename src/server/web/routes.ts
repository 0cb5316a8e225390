import { createRoutes } from '@/lib/pipeline/createRoute'
import { webApp } from './app'

/** What every file under src/app/api is written with. */
export const route = createRoutes(webApp)

import type { Command } from '@/contracts/command'
import { createRoute, type NextRoute } from '@/lib/pipeline/createRoute'
import { webApp } from './app'

/** What every file under src/app/api is written with: the declaration says the rest. */
export const route = (command: Command): NextRoute => createRoute(webApp, command)

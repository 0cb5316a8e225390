import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'

const Text = z.union([z.string(), z.number()]).transform(String)

const Service = z.object({
  image: z.string(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), Text).optional(),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  restart: z.string(),
  user: z.string().optional(),
  read_only: z.boolean().optional(),
  cap_drop: z.array(z.string()).optional(),
  volumes: z.array(z.string()).default([]),
  networks: z.array(z.string()),
  ports: z.array(z.string()).default([]),
  stop_grace_period: z.string().optional(),
  deploy: z.object({ resources: z.object({ limits: z.object({ cpus: z.string(), memory: z.string() }) }) }),
})

const Compose = z.object({
  services: z.record(z.string(), Service),
  networks: z.record(z.string(), z.unknown()),
  volumes: z.record(z.string(), z.unknown()),
})

export type ComposeService = z.infer<typeof Service>

/** docker-compose.yml, with anchors and merges resolved and variables as they are written. */
export const compose = Compose.parse(
  parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true, maxAliasCount: 200 }),
)

/** One service; throws when there is none of this name. */
export function composeService(name: string): ComposeService {
  const service = compose.services[name]
  if (!service) throw new Error(`docker-compose.yml has no service "${name}".`)
  return service
}

/** Puts in for `${NAME}`, `${NAME:-default}` (which may hold others) and `${NAME:?message}` what compose would, and throws as it would. */
export function interpolate(text: string, env: Record<string, string>): string {
  const once = text.replace(/\$\{(\w+)(?::([-?])([^${}]*))?\}/g, (_, name: string, kind?: string, rest?: string) => {
    const value = env[name]
    if (value) return value
    if (kind === '?') throw new Error(`required variable ${name} is missing a value: ${rest}`)
    return kind === '-' ? (rest ?? '') : ''
  })
  return once === text ? text : interpolate(once, env)
}

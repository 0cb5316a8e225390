import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { transports } from 'winston'
import { sanitize } from '@/lib/logger/sanitize'
import type { LogFields, Logger } from '@/services/shared/Logger'

/** What no log line may hold, with what it is. */
const secrets = new Map<string, string>()
/** Shorter ones stand in many a line by chance. */
const LEAST_LENGTH = 10
/** A session token, whichever it is: two parts of JSON and a signature. */
const sessionToken = /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}/

/** From now on everything that the tests start, in this process or in its own, is held to keep this to itself. */
export function noteSecret(what: string, value: unknown): void {
  if (typeof value === 'string' && value.length >= LEAST_LENGTH) secrets.set(value, what)
}

/** The text of a message on its way to a server. */
export function noteMessageText(input: unknown): void {
  if (typeof input === 'object' && input !== null && 'message' in input)
    noteSecret('the text of a message', input.message)
}

/** The same for what a process is given in its environment. */
export function noteSecretsOf(env: Record<string, string | undefined>): void {
  for (const name of ['SERVICE_KEY', 'SESSION_TOKEN_SECRET', 'GOOGLE_CLIENT_SECRET', 'VAPID_PRIVATE_KEY'])
    noteSecret(name, env[name])
  for (const name of ['DATABASE_URL', 'DATABASE_MIGRATION_URL', 'REDIS_URL', 'SMTP_URL']) {
    const address = env[name] ?? ''
    if (URL.canParse(address)) noteSecret(`the password in ${name}`, decodeURIComponent(new URL(address).password))
  }
}

/** What one file calls secret may be another's everyday word. */
export const forgetSecrets = (): void => secrets.clear()

/** The first line with a secret in it, and what that is; undefined when there is none. */
export function findSecret(lines: readonly string[]): string | undefined {
  const all = lines.join('\n')
  for (const [value, what] of secrets) {
    // As JSON writes it.
    const written = JSON.stringify(value).slice(1, -1)
    if (all.includes(written)) return `${what}: ${lines.find((line) => line.includes(written))}`
  }
  return sessionToken.test(all) ? `a session token: ${lines.find((line) => sessionToken.test(line))}` : undefined
}

/** @throws Error that names the first line with a secret in it. */
export function refuseSecrets(lines: readonly string[]): void {
  const found = findSecret(lines)
  if (found !== undefined) throw new Error(`A log line holds ${found}`)
}

/** @throws Error, likewise, for the log files of this folder, should there be any. */
export async function refuseSecretsInFiles(dir: string): Promise<void> {
  const files = existsSync(dir) ? await readdir(dir) : []
  for (const name of files.filter((file) => file.endsWith('.log'))) {
    refuseSecrets((await readFile(join(dir, name), 'utf8')).split('\n'))
  }
}

/** A logger that passes on what it is told, and keeps each line as a log file would hold it. */
export function keepingLines(to: Logger, lines: string[] = []): { logger: Logger; lines: string[] } {
  const loggerOf = (scoped: Logger, scope: string): Logger => {
    const say =
      (level: 'debug' | 'info' | 'warn' | 'error') =>
      (message: string, fields?: LogFields): void => {
        lines.push(`${scope} ${message} ${JSON.stringify(sanitize(fields))}`)
        scoped[level](message, fields)
      }
    return {
      ...{ debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') },
      isDebugging: true,
      scope: (name) => loggerOf(scoped.scope(name), name),
    }
  }
  return { logger: loggerOf(to, ''), lines }
}

/** The console of a test run shows errors; everything else is in the files. */
export function quietConsole(): void {
  const { prototype } = transports.Console
  const print = prototype.log
  if (!print || 'isQuiet' in prototype) return
  Object.assign(prototype, { isQuiet: true })
  prototype.log = function (info: { level?: string }, next: () => void) {
    return info.level === 'error' ? print.call(this, info, next) : next()
  }
}

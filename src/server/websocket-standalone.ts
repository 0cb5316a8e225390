import { ConfigError } from '@/lib/env/ConfigError'
import { loadRuntimeConfig } from '@/lib/env/runtime'
import { createLogger, isConsoleRead } from '@/lib/logger/createLogger'
import { createSocketApp } from './socket/app'

/** After this a shutdown that hangs is ended, in milliseconds. */
const SHUTDOWN_LIMIT_MS = 9_000

/** The process on port 3001: reads the environment, serves, and leaves in order on SIGTERM or SIGINT. */
async function main(): Promise<void> {
  const config = await loadRuntimeConfig(process.env)
  const logger = createLogger({
    service: 'socket',
    level: config.logLevel,
    dir: config.logDir,
    pretty: isConsoleRead(process.env, process.stdout),
  })
  const app = createSocketApp(config, logger, { logFailures: () => logger.failures })

  let leaving = false
  const leave = async (reason: string): Promise<void> => {
    if (leaving) return
    leaving = true
    logger.info(`shutting down: ${reason}`)
    setTimeout(() => process.exit(1), SHUTDOWN_LIMIT_MS).unref()
    try {
      await app.close()
      await logger.close()
      process.exit(0)
    } catch (error) {
      logger.error('the shutdown failed', { error })
      process.exit(1)
    }
  }
  process.on('SIGTERM', () => void leave('SIGTERM'))
  process.on('SIGINT', () => void leave('SIGINT'))
  // Started by a supervisor that is gone: nobody would ever stop this process.
  process.on('disconnect', () => void leave('the supervisor is gone'))

  await app.listen(config.socketPort)
}

main().catch((error: unknown) => {
  if (error instanceof ConfigError) console.error(error.message)
  else if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    console.error('SOCKET_PORT is taken: another process listens there. Stop it, or set SOCKET_PORT to a free port.')
  } else console.error(error)
  process.exit(1)
})

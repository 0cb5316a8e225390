import { MigrationError } from '@/lib/db/migrate'
import { ConfigError } from '@/lib/env/ConfigError'
import { ScriptError } from './ScriptError'

/** Runs a script's main function; it gives the exit code, and what it throws becomes readable text and exit code 1. */
export async function runScript(main: () => Promise<number>): Promise<never> {
  // Whoever reads our output may leave first (`| head`); that is no reason to stop serving.
  process.stdout.on('error', () => {})
  process.stderr.on('error', () => {})
  try {
    process.exit(await main())
  } catch (error) {
    process.stderr.write(`\n${textOf(error)}\n`)
    process.exit(1)
  }
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const isExpected = error instanceof ScriptError || error instanceof ConfigError || error instanceof MigrationError
  return isExpected ? error.message : (error.stack ?? error.message)
}

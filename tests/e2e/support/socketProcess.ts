import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { platform } from 'node:process'

/** Kills the app's socket process as a crash would; its supervisor starts another. */
export function killSocketProcess(): void {
  process.kill(platform === 'linux' ? findByEnvironment() : findByPort(), 'SIGKILL')
}

const port = () => process.env.E2E_SOCKET_PORT ?? ''

/** By what it was started with: a bare Debian has neither ps nor lsof. */
function findByEnvironment(): number {
  for (const name of readdirSync('/proc')) {
    const pid = Number(name)
    if (Number.isInteger(pid) && isSocketProcess(pid)) return pid
  }
  throw new Error(`No socket process was started for port ${port()}.`)
}

function isSocketProcess(pid: number): boolean {
  try {
    const isBundle = readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('websocket-standalone')
    return isBundle && readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`SOCKET_PORT=${port()}`)
  } catch {
    return false // gone meanwhile, or somebody else's
  }
}

function findByPort(): number {
  return Number(execFileSync('lsof', ['-ti', `tcp:${port()}`, '-sTCP:LISTEN'], { encoding: 'utf8' }).split('\n')[0])
}

import { execFile, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

const exec = promisify(execFile)

export const isRoot = process.getuid?.() === 0

export const isDebian = (): boolean => {
  try {
    return /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))
  } catch {
    return false
  }
}

/** Where PATH, or the folders of system administration, have this command; in that order. */
export const whereIs = (command: string): string[] =>
  [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin']
    .map((folder) => join(folder, command))
    .filter(existsSync)

/** Installs packages of Debian; for root. Waits for another installation that is under way. */
export async function installDebianPackages(packages: readonly string[]): Promise<void> {
  const options = {
    timeout: 600_000,
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  }
  const wait = ['-o', 'DPkg::Lock::Timeout=300']
  await exec('apt-get', [...wait, 'update'], options)
  await exec('apt-get', [...wait, 'install', '-y', '--no-install-recommends', ...packages], options)
}

/** Every program that integration tests run, with the package of Debian that has it. */
const debianPackages = {
  'redis-server': 'redis-server',
  haproxy: 'haproxy',
  dnsmasq: 'dnsmasq-base',
  openssl: 'openssl',
  psql: 'postgresql-client',
  prometheus: 'prometheus',
  promtool: 'prometheus',
  curl: 'curl',
  jq: 'jq',
} as const
/** The same for what the example in Python imports. */
const pythonPackages = { socketio: 'python3-socketio', requests: 'python3-requests', websocket: 'python3-websocket' }

/** A Python that has it all: the first of PATH may be another than the system's. */
const pythonWithPackages = (): string | undefined =>
  whereIs('python3').find((python) => {
    const imports = `import ${Object.keys(pythonPackages).join(', ')}`
    return spawnSync(python, ['-c', imports], { stdio: 'ignore' }).status === 0
  })

export type SystemTool = keyof typeof debianPackages

/**
 * Installs what is missing where that can be done without asking: Debian, root. All at once and before the tests, which
 * run at the same time and would wait for each other. Elsewhere, and if it fails, the tests concerned say what to do.
 */
export async function installMissingTools(): Promise<void> {
  const missing = Object.entries(debianPackages).filter(([command]) => whereIs(command).length === 0)
  const packages: string[] = [...new Set(missing.map(([, debianPackage]) => debianPackage))]
  if (pythonWithPackages() === undefined) packages.push('python3', ...Object.values(pythonPackages))
  if (packages.length === 0 || !isRoot || !isDebian()) return
  console.log(`Installing what integration tests need: ${packages.join(', ')}. This can take some minutes.`)
  await installDebianPackages(packages).catch((error: unknown) => {
    console.log(`Installing it did not work: ${String(error).trim().split('\n').slice(0, 2).join(' ')}`)
  })
}

/** The path of a program that tests run. Rejects with a sentence that says what to do. */
export async function ensureSystemTool(command: SystemTool): Promise<string> {
  const [found] = whereIs(command)
  if (found) return found
  const debianPackage = debianPackages[command]
  throw new Error(
    `The tests need ${command}. Install it with your system's package manager (Debian and Ubuntu: apt-get install ${debianPackage}; macOS: brew install ${debianPackage.replace(/-(server|base)$/, '')}).`,
  )
}

/** The path of a Python for the example. Throws a sentence that says what to do. */
export function ensurePython(): string {
  const found = pythonWithPackages()
  if (found) return found
  const packages = Object.values(pythonPackages)
  throw new Error(
    `The tests need python3 with ${packages.join(', ')} (Debian and Ubuntu: apt-get install ${packages.join(' ')}; elsewhere: pip install "python-socketio[client]").`,
  )
}

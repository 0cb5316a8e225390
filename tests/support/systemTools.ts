import { execFile } from 'node:child_process'
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

/**
 * The path of a server that the tests run: where it is installed, or after installing Debian's package when that can be
 * done without asking. Rejects with a sentence that says what to do.
 */
export async function ensureSystemTool(command: string, debianPackage: string): Promise<string> {
  const [found] = whereIs(command)
  if (found) return found
  let failure = ''
  if (isRoot && isDebian()) {
    console.log(`No ${command} found: installing Debian's package ${debianPackage} for the tests.`)
    failure = await installDebianPackages([debianPackage]).then(
      () => '',
      (error: unknown) => ` Installing it did not work (${String(error).trim().split('\n').slice(0, 2).join(' ')}).`,
    )
  }
  const [installed] = whereIs(command)
  if (installed) return installed
  throw new Error(
    `The tests need ${command}.${failure} Install it with your system's package manager (Debian and Ubuntu: apt-get install ${debianPackage}; macOS: brew install ${debianPackage.replace('-server', '')}).`,
  )
}

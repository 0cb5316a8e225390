import { existsSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'
import { scenarios as faults } from '../../../chaos/scenarios'
import { parseOptions } from '../../../load/options'
import { scenarios } from '../../../load/scenarios'
import { curlRequest } from '../../../support/documents/curlRequest'
import type { ShellCommand } from '../../../support/documents/shellCommands'

const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'))

const { scripts, packageManager } = z
  .object({ scripts: z.record(z.string(), z.string()), packageManager: z.string() })
  .parse(read('package.json'))
const { paths } = z
  .object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })
  .parse(read('docs/api/openapi.json'))
const { services } = z
  .object({ services: z.record(z.string(), z.unknown()) })
  .parse(parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }))

/** Says what is wrong with what a program is given; undefined when nothing is. */
type Check = (args: readonly string[]) => string | undefined

/** Our own scripts that take options; the others take words alone. */
const options: Record<string, Check> = {
  bench(args) {
    parseOptions(args, scenarios)
    return undefined
  },
  chaos(args) {
    const names = args.filter((arg, i) => arg !== '--seed' && args[i - 1] !== '--seed')
    const unknown = names.filter((name) => !faults.some((fault) => fault.name === name))
    return unknown.length > 0 ? `There is no fault ${unknown.join(', ')}.` : undefined
  },
}

const pnpm: Check = ([script = '', ...args]) => {
  if (['install', 'exec', 'add', 'prune'].includes(script)) return undefined
  if (!(script in scripts)) return `There is no script ${script}.`
  const check =
    options[script] ?? ((words) => words.find((word) => word.startsWith('-')) && `${script} has no options.`)
  return check(args)
}

/** An address of the contract: its placeholders take anything. */
export const isServed = (method: string, pathname: string): boolean =>
  ['/graphql', '/socket.io/'].includes(pathname) ||
  Object.entries(paths).some(
    ([path, methods]) =>
      method.toLowerCase() in methods && new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(pathname),
  )

/** Every program that a document may use. */
const programs: Record<string, Check> = {
  pnpm,
  npx(args) {
    const [name = '', ...rest] = args.filter((arg) => arg !== '-y')
    if (name.startsWith('pnpm@'))
      return name === packageManager ? pnpm(rest) : `The package manager is ${packageManager}.`
    return existsSync(`node_modules/.bin/${name}`) ? undefined : `There is no ${name}.`
  },
  curl(args) {
    const { method, url } = curlRequest(args)
    // Below /tandem an app that took it in (docs/adopt.md) has the same addresses.
    const { pathname: asked } = new URL(url.replace(/^(\$\w+|:\d+)/, 'http://localhost').replaceAll('$', ''))
    const pathname = asked.replace(/^\/tandem\//, '/')
    return isServed(method, pathname) ? undefined : `Nothing is served at ${method} ${pathname}.`
  },
  npm: ([first = '', script = '']) => (first === 'run' ? pnpm([script]) : undefined),
  /** docs/adopt.md: beside the app is Tandem's repository. */
  node([file = '']) {
    const own = file.replace('../tandem/', '')
    return existsSync(own) ? undefined : `There is no ${own}.`
  },
  docker([first, ...args]) {
    if (first !== 'compose' || !args.includes('up')) return undefined
    const scaled = args.flatMap((arg, i) => (args[i - 1] === '--scale' ? [arg.split('=')[0] ?? ''] : []))
    const named = args.slice(args.indexOf('up') + 1).filter((arg) => /^\w+$/.test(arg))
    const unknown = [...scaled, ...named].filter((name) => !(name in services))
    return unknown.length > 0 ? `docker-compose.yml has no ${unknown.join(', ')}.` : undefined
  },
  ...Object.fromEntries(
    ['kubectl', 'openssl', 'cat', 'cp', 'cd', 'git', 'python3', 'sh'].map((name) => [name, () => undefined]),
  ),
}

/** A file or folder of this repository; not a part of a cluster's address or of an image's name. */
const isPath = (word: string): boolean => /^(\.github|docs|examples|monitoring|prisma|scripts|src|tests)\//.test(word)

/** What is wrong with one command of a document; undefined when nothing is. */
export function faultOf([program = '', ...args]: ShellCommand): string | undefined {
  const missing = args.find((word) => isPath(word) && !existsSync(word))
  if (missing !== undefined) return `There is no ${missing}.`
  const check = programs[program]
  if (check === undefined) return `${program} is not among the programs that documents use.`
  try {
    return check(args)
  } catch (error) {
    return String(error)
  }
}

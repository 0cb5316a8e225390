// Copies Tandem into another Next.js app, and anew at each update: `node ../tandem/scripts/adopt.mjs` in the app's folder.
// docs/adopt.md has the other steps. It touches the app's folder `tandem`, which it replaces, and its package.json.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const from = fileURLToPath(new URL('..', import.meta.url))
const app = path.resolve(process.argv[2] ?? '.')
const to = path.join(app, 'tandem')

const fail = (sentence) => {
  console.error(sentence)
  process.exit(1)
}
const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'))
const writeJson = (file, value) => writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`)

const packageFile = path.join(app, 'package.json')
if (!existsSync(packageFile))
  fail(`There is no package.json in ${app}. Run this in the folder of your app, or name it.`)
const theirs = readJson(packageFile)
const ours = readJson(path.join(from, 'package.json'))
if (theirs.name === ours.name) fail('This is Tandem itself. Run this in the folder of your app, or name it.')
if (!theirs.dependencies?.next) fail('This app does not use Next.js.')

// Pages, policy and worker are the app's own. What only Tandem's own repository needs stays there.
const left = [
  ...['src/app', 'src/proxy.ts', 'src/worker', 'src/instrumentation-client.ts', 'src/lib/db/generated'],
  ...['scripts/testing', 'scripts/dashboard', 'scripts/api-documents', 'scripts/check.ts', 'scripts/test.ts'],
  ...[
    'scripts/generate-dashboard.ts',
    'scripts/generate-documents.ts',
    'scripts/build-image.ts',
    'scripts/serve-web.ts',
  ],
  ...['scripts/support/imageFiles.ts', 'scripts/user-invite.ts', 'scripts/user-second-factor.ts', 'scripts/adopt.mjs'],
].map((name) => path.join(from, name))

rmSync(to, { recursive: true, force: true })
mkdirSync(to)
for (const name of ['src', 'prisma', 'scripts', 'prisma.config.ts', 'LICENSE']) {
  cpSync(path.join(from, name), path.join(to, name), { recursive: true, filter: (source) => !left.includes(source) })
}
// The app has `@/…` for itself: names of files may be the same.
for (const name of readdirSync(to, { recursive: true })) {
  if (!/\.tsx?$/.test(name)) continue
  const file = path.join(to, name)
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/(['"])@\//g, '$1@tandem/'))
}
const site = { name: theirs.name, mount: '/tandem' }
writeFileSync(path.join(to, 'src/contracts/site.ts'), `export const site = ${JSON.stringify(site)}\n`)
writeJson(path.join(to, 'package.json'), { private: true, version: ours.version, type: 'module' })
writeFileSync(path.join(to, '.gitignore'), 'src/lib/db/generated\n')

// What the app has of its own stays as it is.
const added = Object.entries(ours.dependencies).filter(([name]) => !theirs.dependencies[name])
const sorted = (entries) => Object.fromEntries([...entries].sort(([one], [other]) => (one < other ? -1 : 1)))
theirs.dependencies = sorted([...Object.entries(theirs.dependencies), ...added])
const types = Object.entries(ours.devDependencies).filter(([name]) => name.startsWith('@types/'))
theirs.devDependencies = sorted([...types, ...Object.entries(theirs.devDependencies ?? {})])
// The adapter names an older Prisma as its peer, and works with this one.
const adapter = '@lucia-auth/adapter-prisma'
theirs.overrides = { ...theirs.overrides, [adapter]: { '@prisma/client': '$@prisma/client' } }

const run = (script) => `node --import tsx tandem/scripts/${script}.ts`
const scripts = {
  dev: run('dev'),
  build: run('build'),
  start: run('start'),
  'start:web': run('start-web'),
  'start:socket': run('start-socket'),
  'db:migrate': run('db-migrate'),
  topic: run('topic'),
  postinstall: 'node tandem/scripts/prisma-generate.mjs',
}
const kept = []
for (const [name, command] of Object.entries(scripts)) {
  const has = theirs.scripts?.[name]
  if (!has || has === `next ${name}` || has.includes('tandem/scripts/'))
    theirs.scripts = { ...theirs.scripts, [name]: command }
  else kept.push(`  "${name}": "${command}"`)
}
writeJson(packageFile, theirs)

console.log(
  `Tandem ${ours.version} is in ${path.relative(process.cwd(), to) || to}; ${added.length} packages were added to package.json.`,
)
if (kept.length > 0) console.log(`Your scripts of these names stayed. They must do this too:\n${kept.join('\n')}`)
// Older ones have known holes.
const numbers = (version) => (version.match(/\d+/g) ?? []).slice(0, 3).map(Number)
const [has, needs] = [numbers(theirs.dependencies.next), numbers(ours.dependencies.next)]
const at = needs.findIndex((part, place) => part !== has[place])
if (at >= 0 && (has[at] ?? 0) < needs[at]) {
  console.log(
    `Your Next.js is ${theirs.dependencies.next}, and older than Tandem's. Take ${ours.dependencies.next} or newer.`,
  )
}
console.log('Install them now (npm install). Then go on in docs/adopt.md.')

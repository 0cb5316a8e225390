import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { checkLayers } from '../../../scripts/testing/layers'

type Imports = Record<string, string[]>

const allowed: Imports = {
  'src/contracts/chat.ts': ['zod'],
  'src/services/chat.ts': ['@/contracts/chat', 'zod'],
  'src/lib/db/chat.ts': ['@/services/chat', 'pg'],
  'src/client/chat.ts': ['@/contracts/chat'],
  'src/contexts/chat.tsx': ['@/client/chat'],
  'src/hooks/chat.ts': ['@/contexts/chat', '@/contracts/chat'],
  'src/components/chat.tsx': ['@/hooks/chat'],
  'src/app/page.tsx': ['@/components/chat', 'next'],
  'src/embed/Chat.tsx': ['@/components/chat', '@/server/main'],
  'src/lib/sockets/namespaces/chat.ts': ['@/services/chat', 'socket.io'],
  'src/server/main.ts': ['@/lib/db/chat', '@/lib/sockets/namespaces/chat', 'node:http'],
}

const forbidden: [rule: string, from: string, to: string][] = [
  ['no-cycle', 'src/services/cycleA.ts', './cycleB'],
  ['resolvable', 'src/server/a.ts', '@/nowhere'],
  ['declared', 'src/server/b.ts', 'fastify'],
  ['no-dev-dependency', 'src/server/c.ts', 'vitest'],
  ['contracts-import-zod-only', 'src/contracts/a.ts', 'pg'],
  ['contracts-import-zod-only', 'src/contracts/b.ts', '@/services/chat'],
  ['services-import-contracts-only', 'src/services/a.ts', 'socket.io'],
  ['services-import-contracts-only', 'src/services/b.ts', 'node:fs'],
  ['services-import-contracts-only', 'src/services/c.ts', '@/lib/db/chat'],
  ['services-import-contracts-only', 'src/services/d.ts', 'node:crypto'],
  ['lib-above-services', 'src/lib/http/a.ts', '@/server/main'],
  ['lib-above-services', 'src/lib/http/b.ts', '@/client/chat'],
  ['server-above-lib', 'src/server/e.ts', '@/hooks/chat'],
  ['embed-is-for-other-apps', 'src/app/layout.tsx', '@/embed/Chat'],
  ['client-above-contracts', 'src/client/a.ts', '@/services/chat'],
  ['client-above-contracts', 'src/client/b.ts', '@/contexts/chat'],
  ['client-above-contracts', 'src/client/c.ts', 'react'],
  ['browser-imports-no-node', 'src/client/d.ts', 'node:crypto'],
  ['contexts-above-client', 'src/contexts/a.tsx', '@/hooks/chat'],
  ['hooks-above-contexts', 'src/hooks/a.ts', '@/services/chat'],
  ['hooks-above-contexts', 'src/hooks/b.ts', '@/components/chat'],
  ['components-above-hooks', 'src/components/a.tsx', '@/lib/db/chat'],
  ['components-above-hooks', 'src/components/b.tsx', '@/contexts/chat'],
  ['components-reach-client-through-hooks', 'src/components/c.tsx', '@/client/chat'],
  ['db-implements-ports', 'src/lib/db/a.ts', '@/lib/sockets/namespaces/chat'],
  ['database-driver-in-its-place', 'src/lib/sockets/namespaces/a.ts', 'pg'],
  ['socket-server-without-next', 'src/server/websocket-standalone.ts', '@/lib/sockets/namespaces/usesNext'],
  ['source-imports-no-tests-or-scripts', 'src/server/d.ts', '../../scripts/a'],
]

const projectDir = await mkdtemp(join(tmpdir(), 'tandem-layers-'))
afterAll(() => rm(projectDir, { recursive: true }))

const write = async (file: string, text: string) => {
  await mkdir(dirname(join(projectDir, file)), { recursive: true })
  await writeFile(join(projectDir, file), text)
}

/** A module that uses every module it imports. */
const moduleText = (specifiers: readonly string[]) => {
  const names = specifiers.map((_, index) => `module${index}`)
  const imports = specifiers.map((specifier, index) => `import * as ${names[index]} from '${specifier}'`)
  return `${imports.join('\n')}\nexport const used = [${names.join(', ')}]\n`
}

await symlink(resolve('node_modules'), join(projectDir, 'node_modules'))
await write('tsconfig.json', JSON.stringify({ compilerOptions: { baseUrl: '.', paths: { '@/*': ['./src/*'] } } }))
const dependencies = { zod: '*', pg: '*', next: '*', 'socket.io': '*', react: '*' }
await write('package.json', JSON.stringify({ dependencies, devDependencies: { vitest: '*' } }))
await write('scripts/a.ts', moduleText(['zod']))
await write('src/lib/sockets/namespaces/usesNext.ts', moduleText(['next']))
await write('src/services/alone.ts', moduleText([]))
await write('src/services/cycleB.ts', moduleText(['./cycleA']))
await write('src/services/broken.ts', 'import { from "zod" ???')
for (const [file, specifiers] of Object.entries(allowed)) await write(file, moduleText(specifiers))
for (const [, file, specifier] of forbidden) await write(file, moduleText([specifier]))

// One reading for all tests: dependency-cruiser keeps what it resolved for the life of the process.
const report = await checkLayers(projectDir, resolve('.dependency-cruiser.cjs'))

test('imports that follow the layers are accepted', () => {
  expect(report.violations.filter(({ from }) => from in allowed)).toEqual([])
})

test.each(forbidden)('%s: an error when %s imports %s', (rule, from) => {
  expect(report.violations).toContainEqual(expect.objectContaining({ rule, from }))
})

test('no-orphan: an error when nothing imports a module that imports nothing', () => {
  expect(report.violations).toContainEqual(
    expect.objectContaining({ rule: 'no-orphan', from: 'src/services/alone.ts' }),
  )
})

test('every source file is read', () => {
  expect(report.unread).toEqual([])
  expect(report.read).toBe(Object.keys(allowed).length + forbidden.length + 4)
})

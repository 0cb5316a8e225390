import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { hashSources } from '../../../scripts/support/sourceHash'
import { onTeardown } from '../../support/teardown'

let root: string

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'tandem-sources-'))
  onTeardown(() => rm(root, { recursive: true }))
  await write('src/app/page.tsx', 'page')
  await write('package.json', '{}')
})

async function write(file: string, content: string): Promise<void> {
  await mkdir(path.dirname(path.join(root, file)), { recursive: true })
  await writeFile(path.join(root, file), content)
}

const hash = (env: Record<string, string> = {}) => hashSources(root, { NODE_ENV: 'test', ...env })

describe('the hash of the sources', () => {
  it('is the same for the same sources', async () => {
    const before = await hash({ PORT: '1' })
    await write('src/app/page.tsx', 'page')
    expect(await hash({ PORT: '2' })).toBe(before)
  })

  it.each(['src/app/page.tsx', 'src/new/file.css', 'package.json', 'pnpm-lock.yaml', 'next.config.ts', 'public/a.png'])(
    'changes with %s',
    async (file) => {
      const before = await hash()
      await write(file, 'changed')
      expect(await hash()).not.toBe(before)
    },
  )

  it('changes when a file only changes its place', async () => {
    const before = await hash()
    await rm(path.join(root, 'src/app/page.tsx'))
    await write('src/page.tsx', 'page')
    expect(await hash()).not.toBe(before)
  })

  it('changes with what the browser is told through NEXT_PUBLIC variables', async () => {
    expect(await hash({ NEXT_PUBLIC_SOCKET_URL: 'https://a' })).not.toBe(await hash())
  })

  it('does not depend on what is generated, on documents or on tests', async () => {
    const before = await hash()
    await write('src/lib/db/generated/client.ts', 'made from the schema')
    await write('public/worker.js', 'made from src/worker')
    await write('README.md', 'text')
    await write('tests/unit/a.test.ts', 'text')
    expect(await hash()).toBe(before)
  })
})

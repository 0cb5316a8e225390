import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { z } from 'zod'

const Manifest = z.object({
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
})
const { dependencies, devDependencies } = Manifest.parse(JSON.parse(await readFile('package.json', 'utf8')))
const lockfile = await readFile('pnpm-lock.yaml', 'utf8')

/** Every version of a package that the lockfile installs, as [major, minor, patch]. */
const lockedVersions = (name: string) =>
  [...lockfile.matchAll(new RegExp(`^  '?${name}@(\\d+)\\.(\\d+)\\.(\\d+)[^(:']*'?:$`, 'gm'))].map((match) =>
    match.slice(1).map(Number),
  )

const isAtLeast = (version: readonly number[], floor: readonly number[]) => {
  const index = floor.findIndex((part, place) => part !== version[place])
  return index < 0 || (version[index] ?? 0) > (floor[index] ?? 0)
}

// Older ones have published vulnerabilities, and not every registry answers `pnpm audit`.
test.each([
  ['next', [16, 4, 6]],
  ['engine.io', [6, 6, 10]],
  ['socket.io-parser', [4, 2, 7]],
  ['ws', [8, 21, 1]],
])('every installed %s is at least %j', (name, floor) => {
  const versions = lockedVersions(name)
  expect(versions).not.toEqual([])
  expect(versions.filter((version) => !isAtLeast(version, floor))).toEqual([])
})

test('the lockfile names no registry, so that it installs from any', () => {
  expect(lockfile.match(/^.*(tarball:|\bregistry\b|https?:\/\/).*$/gim) ?? []).toEqual([])
})

test('package.json pins every version exactly', () => {
  const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
    ([, version]) => !/^(npm:[\w-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
  )
  expect(loose).toEqual([])
})

import { readFileSync } from 'node:fs'
import { Registry } from 'prom-client'
import { describe, expect, test } from 'vitest'
import { createSocketMetrics } from '@/lib/metrics/socket'
import { createWebMetrics } from '@/lib/metrics/web'

const FILE = 'docs/monitoring/metrics.md'

interface Series {
  name: string
  type: string
  labels: string[]
  meaning: string
}

/** The rows of the table under a heading; what its column `Unit` says is kept apart. */
function documented(heading: string): (Series & { unit: string })[] {
  const [, section = ''] = readFileSync(FILE, 'utf8').split(`\n## ${heading}\n`)
  const [own = ''] = section.split('\n## ')
  return [...own.matchAll(/^\| `(\w+)` \| (\w+) \| (.*?) ?\| (.+?) \| (.+) \|$/gm)].map(
    ([, name = '', type = '', labels = '', unit = '', meaning = '']) => ({
      ...{ name, type, unit, meaning },
      labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label),
    }),
  )
}

async function made(create: (registry: Registry, environment: string) => object): Promise<Series[]> {
  const registry = new Registry()
  // prom-client keeps the label names for itself, but they are what a metric was made with.
  const metrics = Object.values(create(registry, 'test')) as { name: string; labelNames: string[] }[]
  const labelsOf = new Map(metrics.map(({ name, labelNames }) => [name, labelNames]))
  return (await registry.getMetricsAsJSON()).map(({ name, type, help }) => ({
    ...{ name, type: String(type), meaning: help },
    labels: (labelsOf.get(name) ?? []).filter((label) => label !== 'le'),
  }))
}

const byName = (a: Series, b: Series): number => a.name.localeCompare(b.name)

describe.each([
  { heading: 'Socket process', create: createSocketMetrics },
  { heading: 'Web process', create: createWebMetrics },
])('the table "$heading"', ({ heading, create }) => {
  test('has every series with its type, labels and meaning, and no other', async () => {
    const rows = documented(heading).map(({ unit: _, ...series }) => series)
    expect(rows.sort(byName)).toEqual((await made(create)).sort(byName))
  })

  test('has the unit that the name of a series says', () => {
    for (const { name, unit } of documented(heading)) {
      const [, named = ''] = /_(seconds|bytes)$/.exec(name) ?? []
      if (named) expect([name, unit]).toEqual([name, named])
      else expect([name, unit]).not.toEqual([name, expect.stringMatching(/^(seconds|bytes)$/)])
    }
  })
})

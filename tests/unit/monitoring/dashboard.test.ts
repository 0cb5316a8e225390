import { readFileSync } from 'node:fs'
import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { createSocketMetrics } from '@/lib/metrics/socket'
import { createWebMetrics } from '@/lib/metrics/web'
import { dashboardFile, dashboardJson } from '../../../scripts/dashboard/dashboard'
import { dashboard, dashboardQueries, rules } from '../../support/monitoring/prometheusFiles'

/** The labels of each series that the two processes make, Prometheus's own included. */
const labelsOf = new Map<string, string[]>()
for (const made of [createSocketMetrics(new Registry(), 'test'), createWebMetrics(new Registry(), 'test')]) {
  // prom-client keeps these two for itself, but they are what a metric was made with.
  for (const metric of Object.values(made) as unknown as { name: string; labelNames: string[] }[]) {
    labelsOf.set(metric.name, [...metric.labelNames, 'environment', 'instance', 'job', 'le'])
  }
}

const asked = [...dashboardQueries, ...rules.map(({ alert, record, expr }) => ({ name: alert ?? record ?? '', expr }))]

test('the dashboard is what `pnpm generate:dashboard` makes', () => {
  expect(readFileSync(dashboardFile, 'utf8')).toBe(dashboardJson())
})

test('the dashboard has the address and the groups that were asked for', () => {
  expect(dashboard.uid).toBe('materio-socket')
  expect(dashboard.panels.filter(({ type }) => type === 'row').map(({ title }) => title)).toEqual([
    'Connection Status',
    'Connection Activity',
    'Messages',
    'Performance',
    'Auth & Errors',
    'What it stands on',
  ])
})

test.each(asked)('$name asks only for series that exist, by labels that they have', ({ expr }) => {
  const text = expr.replaceAll(/environment:[\w:]+/g, '')
  for (const [, series = '', base = '', matchers = ''] of text.matchAll(
    /\b(((?:socket|tandem)_\w+?)(?:_bucket|_sum|_count)?)\b(?!\w)(?:\{([^}]*)\})?/g,
  )) {
    const labels = labelsOf.get(series) ?? labelsOf.get(base)
    expect(labels, `${series} is made by nobody`).toBeDefined()
    for (const [, label] of matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)) expect(labels, series).toContain(label)
    const grouped = [...text.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(/,\s*/))
    // A query with two series groups each by its own labels; with one, all of them are its.
    if ((text.match(/\b(socket|tandem)_\w+/g) ?? []).length === 1) {
      for (const label of grouped) expect(labels, series).toContain(label)
    }
  }
})

test('the runbook says what to do about every alert, and about no other', () => {
  const runbook = readFileSync('monitoring/README.md', 'utf8')
  const described = [...runbook.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name).sort()
  expect(described).toEqual(rules.flatMap(({ alert }) => alert ?? []).sort())
})

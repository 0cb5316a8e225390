import { expect, test } from 'vitest'
import { capacityPlan } from '../../../load/capacity'
import type { Result, Results } from '../../../load/results'

const result = (scenario: string, medians: Record<string, number>): Result => ({
  ...{ scenario, at: '2026-11-21T00:00:00.000Z', node: 'v24', machine: '2 cores', rounds: 3, seconds: 3, others: 0 },
  rows: Object.entries(medians).map(([what, tandem]) => ({
    ...{ scenario, what, figures: { tandem: [tandem] }, medians: { tandem } },
  })),
})

const measured: Results = {
  instances: result('instances', {
    '2 with Redis: messages/s, 1 in flight': 3_000,
    'the same: CPU in all, µs a message': 600,
    'the same: of it PostgreSQL': 200,
    'the same: of it Redis': 100,
  }),
  idle: result('idle', {
    'process at rest, MB': 100,
    'memory, kB a connection': 50,
    'CPU of the server, µs a ping': 200,
    'CPU of PostgreSQL, µs a ping': 100,
  }),
  filled: result('filled', { 'disk, bytes a message': 500 }),
}

test('a plan multiplies what was measured by what people do', () => {
  const [, , ...lines] = capacityPlan(measured).split('\n')
  // A million: 200,000 connected, 1,667 messages and 8,000 pings a second. Sockets: (1,667 × 300 + 8,000 × 200) µs at half
  // a core each; PostgreSQL (1,667 × 200 + 8,000 × 100) µs, Redis 1,667 × 100 µs; 200,000 × 50 kB and 5 × 100 MB.
  expect(lines[2]).toBe('| 1,000,000 | 200,000 | 1,667 | 8,000 | 5 (4.2 cores) | 10.5 GB | 2.3 | 0.3 | 3650 GB |')
  expect(lines[0]).toContain('| 10,000 | 2,000 | 17 | 80 | 2 (0.0 cores)')
})

test('there is no plan without the figures it is made of', () => {
  expect(capacityPlan({ ...measured, idle: result('idle', {}) })).toContain('No plan')
})

// @vitest-environment jsdom
import { render, screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { RoomStats } from '@/components/health/RoomStats'
import { wellMetrics } from './samples'

test('rooms are counted for what sockets join them for; topics, which no socket joins, are not among them', () => {
  render(<RoomStats totals={wellMetrics()} processes={1} />)
  expect(screen.getAllByRole('term').map((term) => term.textContent)).toEqual([
    'Conversations room:',
    'People user:',
    'Sessions session:',
    'Average size sockets',
    'Largest sockets',
  ])
})

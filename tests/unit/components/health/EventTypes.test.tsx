// @vitest-environment jsdom
import { render, screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { ErrorCodes } from '@/components/health/ErrorCodes'
import { EventTypes } from '@/components/health/EventTypes'
import { wellMetrics } from './samples'

const names = () => screen.getAllByRole('term').map((term) => term.textContent?.replaceAll('\u00a0', ' '))

test('beside each command stands how long it took; what is only sent has no such time', () => {
  render(<EventTypes totals={wellMetrics()} />)
  expect(names()).toEqual([
    'Received',
    'Sent',
    'ping answered in 1.5 ms',
    'receiveMessage',
    'sendMessage answered in 6.5 ms',
  ])
})

test('errors stand by code, the most frequent first; without any that is said', () => {
  const totals = wellMetrics()
  const { rerender } = render(<ErrorCodes totals={totals} />)
  expect(names()).toEqual(['RATE_LIMITED', 'FORBIDDEN'])
  expect(screen.getByText('3')).toBeDefined()
  rerender(<ErrorCodes totals={{ ...totals, events: { ...totals.events, errors: { count: 0, by_code: {} } } }} />)
  expect(screen.getByText('Every command succeeded, and nobody was refused.')).toBeDefined()
})

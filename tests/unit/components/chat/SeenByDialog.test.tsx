// @vitest-environment jsdom
import { render, screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { SeenByDialog } from '@/components/chat/SeenByDialog'
import type { Participant } from '@/contracts/chat'

const person = (name: string, lastReadSeq: number): Participant => ({
  ...{ id: name.toLowerCase(), name, role: 'member', lastReadSeq, isOnline: true },
  lastSeen: '2026-01-01T00:00:00.000Z',
})

it('names who has read as far, without who wrote it', () => {
  const participants = [person('Ada', 9), person('Grace', 4), person('Linus', 3)]
  render(<SeenByDialog open message={{ seq: 4, senderId: 'ada' }} participants={participants} onClose={() => {}} />)
  expect(screen.getByRole('dialog', { name: 'Seen by 1 of 2' })).not.toBeNull()
  expect(screen.getAllByRole('listitem').map((item) => item.textContent)).toEqual(['GGrace'])
})

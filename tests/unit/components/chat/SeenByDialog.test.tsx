// @vitest-environment jsdom
import { fireEvent, render, screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { NetworkError } from '@/client/runtime/errors'
import { SeenByDialog } from '@/components/chat/SeenByDialog'
import type { Participant } from '@/contracts/chat'
import { waitFor } from '../../../support/waitFor'

const person = (name: string, lastReadSeq: number): Participant => ({
  ...{ id: name.toLowerCase(), name, role: 'member', lastReadSeq, isOnline: true },
  lastSeen: '2026-01-01T00:00:00.000Z',
})

it('names who has read as far, without who wrote it', () => {
  const participants = [person('Ada', 9), person('Grace', 4), person('Linus', 3)]
  render(
    <SeenByDialog
      open
      message={{ seq: 4, senderId: 'ada' }}
      participants={participants}
      everybody={undefined}
      onClose={() => {}}
    />,
  )
  expect(screen.getByRole('dialog', { name: 'Seen by 1 of 2' })).not.toBeNull()
  expect(screen.getAllByRole('listitem').map((item) => item.textContent)).toEqual(['GGrace'])
})

it('asks of a large group who has seen it, again whenever it is told to, and shows no figure that is not known', async () => {
  const answers: ((people: Participant[]) => void)[] = []
  const everybody = () => new Promise<Participant[]>((resolve) => answers.push(resolve))
  // What the page knows of those who came first says nothing.
  const participants = [person('Ada', 9), person('Grace', 9)]
  const props = { message: { seq: 4, senderId: 'ada' }, participants, everybody, onClose: () => {} }
  render(<SeenByDialog open {...props} />)
  expect(screen.getByRole('heading').textContent).toBe('Seen by ')
  answers[0]?.([...participants, person('Linus', 3)])
  expect(await screen.findByRole('dialog', { name: 'Seen by 1 of 2' })).not.toBeNull()
  expect(screen.getByText(/it does not change by itself/)).not.toBeNull()

  fireEvent.click(screen.getByRole('button', { name: 'Ask again' }))
  await waitFor(() => answers.length === 2)
  answers[1]?.([...participants, person('Linus', 4)])
  expect(await screen.findByRole('dialog', { name: 'Seen by 2 of 2' })).not.toBeNull()
})

it('says nothing of a message whose readers cannot be asked for, whatever was answered of another', async () => {
  let isReached = true
  const everybody = async () => {
    if (!isReached) throw new NetworkError('offline')
    return [person('Ada', 9), person('Grace', 9)]
  }
  const props = { participants: [], everybody, onClose: () => {} }
  const { rerender } = render(<SeenByDialog open {...props} message={{ seq: 4, senderId: 'ada' }} />)
  expect(await screen.findByRole('dialog', { name: 'Seen by 1 of 1' })).not.toBeNull()
  isReached = false
  rerender(<SeenByDialog open {...props} message={{ seq: 9, senderId: 'ada' }} />)
  expect(await screen.findByRole('alert')).not.toBeNull()
  expect(screen.getByRole('heading').textContent).toBe('Seen by ')
  expect(screen.queryAllByRole('listitem')).toEqual([])
})

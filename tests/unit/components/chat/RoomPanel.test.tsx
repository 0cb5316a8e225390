// @vitest-environment jsdom
import { ThemeProvider } from '@mui/material/styles'
import { fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import { RoomPanel } from '@/components/chat/RoomPanel'
import type { Participant, Room } from '@/contracts/chat'
import { AppError } from '@/contracts/errors'
import { theme } from '@/theme/theme'
import { TableRoom } from '../../client/chat/support/TableRoom'
import { type Answers, openPage } from '../../hooks/support/openPage'

const person = (name: string, role: Participant['role']): Participant => ({
  ...{ id: name.toLowerCase(), name, role, lastReadSeq: 0, isOnline: false },
  lastSeen: '2026-01-01T00:00:00.000Z',
})
const members = [person('Ada', 'admin'), person('Grace', 'owner'), person('Linus', 'member')]

const open = async (room: Partial<Room>, given: Answers = {}, mayWrite = true) => {
  const onLeft = vi.fn()
  const page = await openPage({ listParticipants: () => ({ participants: members, nextCursor: null }), ...given })
  const shown: Room = { ...new TableRoom(['ada', 'grace']).row('ada'), name: 'Engines', memberCount: 3, ...room }
  render(
    <ThemeProvider theme={theme}>
      <RoomPanel
        open
        room={shown}
        participants={members}
        myId="ada"
        mayWrite={mayWrite}
        onClose={() => {}}
        onLeft={onLeft}
      />
    </ThemeProvider>,
    { wrapper: page.wrapper },
  )
  return { ...page, onLeft, id: shown.id, panel: within(await screen.findByRole('dialog', { name: 'Engines' })) }
}
const optionsFor = (name: string) => screen.queryByRole('button', { name: `Options for ${name}` })
const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }))

it('shows the members with their roles, and lets an admin remove whoever is no owner', async () => {
  const { asked, id } = await open({ kind: 'group', role: 'admin' }, { removeParticipant: (input) => input })
  await screen.findByText('Grace')
  const rows = screen.getAllByRole('listitem').map((row) => row.textContent)
  expect(rows).toEqual(['AAda (you)Admin', 'GGraceOwner', 'LLinus'])
  expect([optionsFor('Ada'), optionsFor('Grace')]).toEqual([null, null])

  press('Options for Linus')
  expect(screen.queryByRole('menuitemradio')).toBeNull()
  fireEvent.click(await screen.findByRole('menuitem', { name: 'Remove from the group' }))
  expect(asked('removeParticipant')).toEqual([])
  fireEvent.click(
    within(await screen.findByRole('dialog', { name: /^Remove Linus/ })).getByRole('button', { name: 'Remove' }),
  )
  await waitFor(() => expect(asked('removeParticipant')).toEqual([{ roomId: id, userId: 'linus' }]))
})

it('offers a member neither roles nor people to add or remove', async () => {
  await open({ kind: 'group', role: 'member' })
  await screen.findByText('Grace')
  expect(screen.getAllByRole('button').map((button) => button.textContent)).toEqual(['', 'Leave the group'])
})

it('lets an owner choose what each of them is, and says why it did not work', async () => {
  const refuse = () => {
    throw new AppError('BAD_REQUEST', { message: 'A group has an owner.' })
  }
  const { asked, id } = await open({ kind: 'group', role: 'owner' }, { setParticipantRole: refuse })
  await screen.findByText('Linus')
  press('Options for Linus')
  fireEvent.click(await screen.findByRole('menuitemradio', { name: 'Admin' }))
  expect((await screen.findByRole('alert')).textContent).toBe('A group has an owner.')
  expect(asked('setParticipantRole')).toEqual([{ roomId: id, userId: 'linus', role: 'admin' }])
})

it.each([true, false])('is left after one was asked, also by who may only read (may write: %s)', async (mayWrite) => {
  const answers: Answers = { removeParticipant: (input) => input }
  const { asked, onLeft, id } = await open({ kind: 'group', role: 'member' }, answers, mayWrite)
  press('Leave the group')
  fireEvent.click(within(await screen.findByRole('dialog', { name: /^Leave/ })).getByRole('button', { name: 'Leave' }))
  await waitFor(() => expect(onLeft).toHaveBeenCalledOnce())
  expect(asked('removeParticipant')).toEqual([{ roomId: id, userId: 'ada' }])
})

it('mutes and pins a conversation of two, which has no members to show', async () => {
  const { asked, id } = await open(
    { kind: 'direct' },
    { setRoomPreferences: () => new TableRoom(['ada', 'grace']).row('ada') },
  )
  expect(screen.queryByRole('region', { name: 'Members' })).toBeNull()
  fireEvent.click(screen.getByRole('switch', { name: 'Mute' }))
  await waitFor(() => expect(asked('setRoomPreferences')).toHaveLength(1))
  expect(asked('setRoomPreferences')).toEqual([{ roomId: id, mutedUntil: '9999-12-31T23:59:59.999Z' }])
})

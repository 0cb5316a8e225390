// @vitest-environment jsdom
import { ThemeProvider } from '@mui/material/styles'
import { fireEvent, render, screen, waitFor } from '@testing-library/react'
import { beforeEach, expect, it, vi } from 'vitest'
import { Conversation } from '@/components/chat/Conversation'
import type { RoomData } from '@/contracts/chat'
import { AppError } from '@/contracts/errors'
import { theme } from '@/theme/theme'
import { TableRoom } from '../../client/chat/support/TableRoom'
import { ada, openPage, untilShown } from '../../hooks/support/openPage'

beforeEach(() => {
  localStorage.clear()
  vi.stubGlobal('matchMedia', () => ({ matches: true, addListener() {}, removeListener() {} }))
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      disconnect() {}
    },
  )
})

/** Ada's page, with a group open in which somebody else wrote once. */
const open = async (answers: Parameters<typeof openPage>[0] = {}) => {
  const table = new TableRoom(['ada', 'bob'])
  table.send('bob', 'hello')
  const data: RoomData = {
    room: { ...table.row('ada'), name: 'Engines', memberCount: 200 },
    messages: table.all(),
    participants: [],
  }
  const page = await openPage({
    joinRoom: () => data,
    markMessagesRead: () => ({ roomId: table.id, lastReadSeq: 1 }),
    listParticipants: () => {
      throw new AppError('FORBIDDEN')
    },
    ...answers,
  })
  render(
    <ThemeProvider theme={theme}>
      <Conversation roomId={table.id} at={undefined} onTaken={() => {}} me={ada} onClose={() => {}} />
    </ThemeProvider>,
    { wrapper: page.wrapper },
  )
  await screen.findByLabelText('Messages with Engines')
  return { ...page, table }
}
const field = () => screen.getByLabelText<HTMLTextAreaElement>('Message to Engines')

it('sends a draft with whom was chosen for it, though nobody in the group is known', async () => {
  localStorage.setItem('tandem:draft:ada:room', 'Ask @Grace Hopper')
  localStorage.setItem('tandem:names:ada:room', JSON.stringify([{ id: 'grace', name: 'Grace Hopper' }]))
  const { asked } = await open({
    sendMessage: ({ message, clientId }: { message: string; clientId: string }) =>
      new TableRoom(['ada']).send('ada', message, clientId),
  })
  expect(field().value).toBe('Ask @Grace Hopper')
  fireEvent.keyDown(field(), { key: 'Enter' })
  await waitFor(() => expect(asked('sendMessage')).toMatchObject([{ mentions: ['grace'] }]))
  expect(localStorage.getItem('tandem:names:ada:room')).toBeNull()
})

it('says what could not be done to a message that is not loaded', async () => {
  const { client } = await open({
    deleteMessage: () => {
      throw new AppError('FORBIDDEN', { message: 'Not allowed.' })
    },
  })
  client.chat.deleteMessage('room', { id: 'not loaded' })
  await untilShown(() => screen.queryByText(/^A message that is not shown here: Not deleted. Not allowed.$/))
  fireEvent.click(screen.getByText('Keep it'))
  await untilShown(() => screen.queryByText(/not shown here/) === null)
})

it('says that one is in it no more, whoever did that', async () => {
  const { emit, client } = await open()
  await untilShown(() => client.connection.getSnapshot().state === 'connected')
  emit('/chat', 'roomRemoved', { roomId: 'room' })
  await screen.findByText('You are not part of “Engines” any more')
  expect(
    screen.getByText('You left it, or were taken out of it. Somebody who is in it can bring you back.'),
  ).toBeTruthy()
})

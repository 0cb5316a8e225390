// @vitest-environment jsdom
import { act, renderHook } from '@testing-library/react'
import { expect, test } from 'vitest'
import { AppError } from '@/contracts/errors'
import { useConversation } from '@/hooks/useConversation'
import { TableRoom } from '../client/chat/support/TableRoom'
import { openPage, untilShown } from './support/openPage'

/** A conversation with Bob, who said something already. */
const openConversation = async () => {
  const table = new TableRoom(['ada', 'bob'])
  table.send('bob', 'hi')
  const page = await openPage({
    listRooms: () => ({ rooms: [table.row('ada')], nextCursor: null }),
    joinRoom: () => table.snapshot('ada', 50),
    sendMessage: ({ message, clientId }: { message: string; clientId: string }) => table.send('ada', message, clientId),
    markMessagesRead: ({ upToSeq }: { upToSeq: number }) => table.read('ada', upToSeq),
  })
  const { result } = renderHook(() => useConversation('room'), page)
  await untilShown(() => result.current.status === 'ready')
  const texts = () => result.current.messages.map(({ message }) => message)
  return { page, table, result, texts }
}

test('it is loaded and kept current', async () => {
  const { page, table, texts } = await openConversation()
  expect(texts()).toEqual(['hi'])

  page.emit('/chat', 'receiveMessage', table.send('bob', 'still there?'))
  await untilShown(() => texts().length === 2)

  expect(texts()).toEqual(['hi', 'still there?'])
})

test('what is sent is shown at once, and once when it is acknowledged', async () => {
  const { page, table, result, texts } = await openConversation()
  let acknowledge = () => {}
  page.answers.sendMessage = ({ message, clientId }: { message: string; clientId: string }) =>
    new Promise((resolve) => {
      acknowledge = () => resolve(table.send('ada', message, clientId))
    })

  act(() => result.current.send('  hello  '))
  await untilShown(() => result.current.outgoing.length === 1)
  expect(result.current.outgoing).toMatchObject([{ message: 'hello', state: 'sending' }])
  await untilShown(() => page.asked('sendMessage').length === 1)
  acknowledge()
  await untilShown(() => texts().length === 2)

  expect(texts()).toEqual(['hi', 'hello'])
  expect(result.current.outgoing).toEqual([])
})

test('what one does oneself is drawn in the same moment, so that a second click finds what the first one did', async () => {
  const { table, result } = await openConversation()
  const id = table.all()[0]?.id ?? ''

  act(() => result.current.send('hello'))
  expect(result.current.outgoing).toHaveLength(1)
  act(() => result.current.react(id, '👍', true))
  expect(result.current.changes).toMatchObject([{ messageId: id, on: true }])
  act(() => result.current.react(id, '👍', false))
  expect(result.current.changes.at(-1)).toMatchObject({ messageId: id, on: false })
})

test('what the server refuses for good can be sent again or forgotten', async () => {
  const { page, result, texts } = await openConversation()
  const { sendMessage } = page.answers
  page.answers.sendMessage = () => {
    throw new AppError('FORBIDDEN')
  }
  act(() => result.current.send('one'))
  act(() => result.current.send('two'))
  const failed = () => result.current.outgoing.filter(({ state }) => state === 'failed')
  await untilShown(() => failed().length === 2)
  const [one, two] = failed()

  if (sendMessage !== undefined) page.answers.sendMessage = sendMessage
  act(() => result.current.discard(one?.clientId ?? ''))
  act(() => result.current.retry(two?.clientId ?? ''))
  await untilShown(() => texts().length === 2)

  expect(texts()).toEqual(['hi', 'two'])
  expect(result.current.outgoing).toEqual([])
})

test('reading is shown at once and told', async () => {
  const { page, result } = await openConversation()
  expect(result.current.room?.unread).toBe(1)

  act(() => result.current.markRead(1))

  await untilShown(() => result.current.room?.unread === 0)
  await untilShown(() => page.asked('markMessagesRead').length === 1)
})

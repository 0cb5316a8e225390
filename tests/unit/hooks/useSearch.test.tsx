// @vitest-environment jsdom
import { act, renderHook } from '@testing-library/react'
import { expect, test } from 'vitest'
import { useSearch } from '@/hooks/useSearch'
import { openPage, untilShown } from './support/openPage'

const message = (text: string) => ({
  ...{ id: text, roomId: 'r', seq: 1, rev: 1, senderId: 'grace', clientId: text, message: text },
  createdAt: '2026-01-01T00:00:00.000Z',
})
const page = (text: string) => ({ hits: [{ message: message(text), senderName: 'Grace', room: {} }], nextCursor: null })

async function search(answers: Parameters<typeof openPage>[0]) {
  const { wrapper, asked } = await openPage(answers)
  const { rerender, result } = renderHook(({ typed }) => useSearch(typed, true), {
    wrapper,
    initialProps: { typed: '' },
  })
  return { result, asked, type: (typed: string) => rerender({ typed }) }
}

test('what is typed on the way is not asked, nor one letter; a sign of a script without capitals is', async () => {
  const { result, asked, type } = await search({
    searchMessages: ({ query }: { query: string }) => page(query),
    findUsers: () => ({ users: [] }),
  })
  type('f')
  await untilShown(() => !result.current.isSearching)
  for (const typed of ['fo', 'fox']) type(typed)
  await untilShown(() => result.current.hits.length === 1)
  type('猫')
  await untilShown(() => result.current.answered === '猫')
  expect(asked('searchMessages')).toEqual([{ query: 'fox' }, { query: '猫' }])
})

test('whoever types on after what nobody is called is not looked for again, but by an address', async () => {
  const { result, asked, type } = await search({
    searchMessages: ({ query }: { query: string }) => page(query),
    findUsers: () => ({ users: [] }),
  })
  for (const typed of ['fo', 'foxes', 'foxes jump', 'foxes@example.com', 'dog']) {
    type(typed)
    await untilShown(() => result.current.answered === typed && !result.current.isSearching)
  }
  expect(asked('findUsers')).toEqual(['fo', 'foxes', 'foxes@example.com', 'dog'].map((query) => ({ query })))
})

test('until what is typed now is answered, what was found says by what', async () => {
  const late: (() => void)[] = []
  const { result, type } = await search({
    searchMessages: ({ query }: { query: string }) =>
      query === 'later' ? new Promise((resolve) => late.push(() => resolve(page(query)))) : page(query),
    findUsers: () => ({ users: [] }),
  })
  type('first')
  await untilShown(() => result.current.hits.length === 1)
  type('later')
  await untilShown(() => late.length === 1)
  expect(result.current.answered).toBe('first')
  await act(async () => late[0]?.())
  await untilShown(() => result.current.answered === 'later')
})

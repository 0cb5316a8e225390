// @vitest-environment jsdom
import { fireEvent, render, screen } from '@testing-library/react'
import { type ComponentProps, useState } from 'react'
import { expect, test, vi } from 'vitest'
import { SearchDialog } from '@/components/chat/SearchDialog'
import { searchExcerpt } from '@/components/chat/searchExcerpt'
import type { Room } from '@/contracts/chat'
import { openPage, untilShown } from '../../hooks/support/openPage'

vi.mock('@/components/chat/searchExcerpt', { spy: true })

const room = (name: string) => ({ id: name, name }) as Room // what a list of names looks at

const nothing = () => {}

/** The dialog over conversations that come page by page. */
function Page({ pages }: { pages: Room[][] }) {
  const [shown, setShown] = useState(1)
  const list = {
    rooms: pages.slice(0, shown).flat(),
    hasMore: shown < pages.length,
    loadMore: async () => setShown(shown + 1),
  } as ComponentProps<typeof SearchDialog>['list'] // of it the search takes no more
  return (
    <SearchDialog
      {...{ open: true, list, myId: 'ada', mayBegin: false, onClose: nothing, onOpen: nothing }}
      onPerson={async () => {}}
    />
  )
}

async function openSearch(pages: Room[][], found: string[] = []) {
  const { wrapper } = await openPage({
    searchMessages: () => ({
      hits: found.map((text, n) => ({
        message: { id: text, seq: n + 1, senderId: 'grace', message: text, createdAt: '2026-01-01T00:00:00Z' },
        ...{ senderName: 'Grace', room: room('Grace') },
      })),
      nextCursor: null,
    }),
  })
  render(<Page pages={pages} />, { wrapper })
  return { type: (value: string) => fireEvent.change(screen.getByRole('combobox'), { target: { value } }) }
}

test('a conversation is found by its name on whichever page it is', async () => {
  const { type } = await openSearch([[room('One')], [room('Two')], [room('Three')], [room('The wanted one')]])
  type('wanted')
  await untilShown(() => screen.queryByRole('option', { name: /The wanted one/ }))
})

test('moving among what was found renders none of it anew', async () => {
  const { type } = await openSearch([[]], ['first fox', 'second fox'])
  type('fox')
  await untilShown(() => screen.queryAllByRole('option').length === 2)
  const rendered = vi.mocked(searchExcerpt).mock.calls.length
  const [, second] = screen.getAllByRole('option')
  if (second) fireEvent.mouseMove(second)
  expect(second?.getAttribute('aria-selected')).toBe('true')
  expect(vi.mocked(searchExcerpt).mock.calls).toHaveLength(rendered)
})

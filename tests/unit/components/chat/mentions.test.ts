import { expect, it } from 'vitest'
import {
  candidates,
  findMentions,
  mentionAt,
  mentionedAfter,
  mentionedIn,
  namesOthers,
} from '@/components/chat/mentions'

const people = [
  { id: 'ada', name: 'Ada' },
  { id: 'lovelace', name: 'Ada Lovelace' },
  { id: 'grace', name: 'Grace' },
  { id: 'other-grace', name: 'Grace' },
  { id: 'zoe', name: 'Zoë (Ops)' },
]

it.each([
  ['Hello @Ada!', ['ada']],
  ['@Ada Lovelace, and @Ada', ['lovelace', 'ada']],
  ['@Ada Lovelaces', ['ada']],
  ['mail me at x@Ada or @Adam', []],
  ['@Grace?', ['grace', 'other-grace']],
  ['(@Zoë (Ops)) @@Ada', ['zoe', 'ada']],
  ['@ada', []],
  ['@Ada @Ada', ['ada']],
])('finds in %j whom it names', (text, ids) => {
  expect(mentionedIn(text, people)).toEqual(ids)
})

it('says where each name stands', () => {
  expect(findMentions('Hi @Ada.', people)).toEqual([{ start: 3, end: 7, people: [people[0]] }])
})

it.each([
  ['@', 1, { start: 0, query: '' }],
  ['Hi @Gr', 6, { start: 3, query: 'Gr' }],
  ['Hi @Ada Lo and more', 10, { start: 3, query: 'Ada Lo' }],
  ['Hi @Gr', 4, { start: 3, query: '' }],
  ['one\n@Gr', 7, { start: 4, query: 'Gr' }],
  ['x@Gr', 4, undefined],
  ['@ Gr', 4, undefined],
  ['@Ada said that', 14, undefined],
  ['no name', 7, undefined],
])('knows what name is being written in %j at %i', (text, caret, being) => {
  expect(mentionAt(text, caret)).toEqual(being)
})

it('offers whoever has a name that begins so, and no more than asked for', () => {
  const names = (query: string, most = 6) => candidates(people, query, most).map(({ id }) => id)
  expect(names('a')).toEqual(['ada', 'lovelace'])
  expect(names('LOVE')).toEqual(['lovelace'])
  expect(names('(o')).toEqual(['zoe'])
  expect(names('', 2)).toEqual(['ada', 'lovelace'])
  expect(names('nobody')).toEqual([])
})

it.each([
  ['Hi @Ada', false],
  ['Hi @Linus', true],
  ['@Ada and @🦊', true],
  ['x@Linus, @ and @@Ada', false],
])('knows whether %j may name somebody else', (text, others) => {
  expect(namesOthers(text, people)).toBe(others)
})

it.each([
  ['a name that is still there', 'Ask @Linus', 'Please ask @Linus', ['linus']],
  ['a name that is still there beside one that is known', 'Ask @Linus', 'Ask @Linus and @Ada', ['ada', 'linus']],
  ['no name any more', 'Ask @Linus', 'Ask him', []],
  ['another name that is known', 'Ask @Linus', 'Ask @Ada', ['ada']],
])('once a text is edited that named somebody who is not known: %s', (_what, before, text, ids) => {
  expect(mentionedAfter({ text: before, mentions: ['linus'] }, text, people)).toEqual(ids)
})

it('takes back whom an edited text does not name any more and who is known', () => {
  expect(mentionedAfter({ text: '@Ada @Linus', mentions: ['ada', 'linus'] }, '@Linus', people)).toEqual(['linus'])
})

import { expect, it } from 'vitest'
import { type ReactionChip, reactionChips, whoReacted, withReaction } from '@/components/chat/reactionChips'

const people = new Map(['me', 'ada', 'grace'].map((id) => [id, { name: id.toUpperCase() }]))
const chips = (count: number, userIds: string[], own?: string[]) =>
  reactionChips([{ emoji: '👍', count, userIds }], { myId: 'me', people, own: own && new Set(own) })
const chip = (more: Partial<ReactionChip>): ReactionChip => ({
  ...{ emoji: '👍', count: 1, mine: false, names: [], isPartial: false, ...more },
})

it('is one’s own where the message says so; where it does not name everybody, by what is known besides', () => {
  expect(chips(2, ['ada', 'me'])).toMatchObject([{ mine: true, names: ['ADA'], isPartial: false }])
  expect(chips(30, ['ada'], ['👍'])).toMatchObject([{ mine: true, isPartial: true }])
  expect(chips(30, ['ada'], ['🎉'])).toMatchObject([{ mine: false }])
  expect(chips(30, ['ada', 'me'])).toMatchObject([{ mine: true, isPartial: false }])
  expect(chips(1, ['ada'], ['👍']), 'taken back elsewhere').toMatchObject([{ mine: false }])
})

it('shows what one does before it is acknowledged, and once it is, nothing twice', () => {
  const on = { emoji: '👍', on: true }
  const off = { emoji: '👍', on: false }
  expect(withReaction([], on)).toMatchObject([{ count: 1, mine: true }])
  expect(withReaction([chip({ count: 2 })], on)).toMatchObject([{ count: 3, mine: true }])
  expect(withReaction([chip({ count: 2, mine: true })], on)).toMatchObject([{ count: 2, mine: true }])
  expect(withReaction([chip({ mine: true })], off)).toEqual([])
  expect(withReaction([chip({})], off)).toMatchObject([{ count: 1 }])
  expect(withReaction([], off)).toEqual([])
})

it('is put into words: oneself first, then names, then how many others', () => {
  expect(whoReacted(chip({ mine: true }))).toBe('You')
  expect(whoReacted(chip({ count: 3, mine: true, names: ['Ada', 'Grace'] }))).toBe('You, Ada, and Grace')
  expect(whoReacted(chip({ count: 3, names: ['Ada'] }))).toBe('Ada and 2 others')
  expect(whoReacted(chip({ count: 2, names: [] }))).toBe('2 people')
  const names = Array.from({ length: 19 }, (_, i) => `P${i}`)
  expect(whoReacted(chip({ count: 40, names }))).toMatch(/P9, and 30 others$/)
})

import { expect, it } from 'vitest'
import { systemWords } from '@/components/chat/systemWords'
import type { ChatMessage } from '@/contracts/chat'

const told = (message: string, senderId: string, system: ChatMessage['system']) => {
  const rest = { id: 'm', roomId: 'r', seq: 1, rev: 1, clientId: 'c', createdAt: '2026-01-01T00:00:00.000Z' }
  return systemWords({ ...rest, message, senderId, kind: 'system', system }, 'me', 'Ada $& King')
}

it.each([
  ['Grace added Linus.', 'grace', { type: 'added', userIds: ['linus'] }, 'Grace added Linus'],
  ['Ada $& King added Linus.', 'me', { type: 'added', userIds: ['linus'] }, 'You added Linus'],
  ['Grace added Ada $& King.', 'grace', { type: 'added', userIds: ['me'] }, 'Grace added you'],
  ['Grace made Ada $& King an admin.', 'grace', { type: 'role', userIds: ['me'] }, 'Grace made you an admin'],
  ['Ada $& King is now an owner.', 'grace', { type: 'role', userIds: ['me'] }, 'You are now an owner'],
  ['Ada $& King created the group "Ada".', 'me', { type: 'created' }, 'You created the group "Ada"'],
  [
    'Grace renamed the group to "Ada $& King".',
    'grace',
    { type: 'renamed' },
    'Grace renamed the group to "Ada $& King"',
  ],
] as const)('%s', (message, senderId, system, words) => {
  const given = { ...system, ...('userIds' in system ? { userIds: [...system.userIds] } : {}) }
  expect(told(message, senderId, given as ChatMessage['system'])).toBe(words)
})

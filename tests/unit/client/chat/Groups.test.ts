import { expect, test } from 'vitest'
import { Groups, type GroupsDeps } from '@/client/chat/Groups'
import { NoAnswer } from '@/client/runtime/errors'

/** What was asked of the server, which answers the second time. */
function openGroups() {
  const asked: { name?: string; clientId?: string }[] = []
  const call = async (_command: unknown, input: { name?: string; clientId?: string }) => {
    asked.push(input)
    if (asked.length === 1) throw new NoAnswer('timeout')
    return { room: { id: 'r1' } }
  }
  let ids = 0
  const groups = new Groups('me', {
    // Of the commands the one that makes a group is all that is asked here.
    transport: { call } as unknown as GroupsDeps['transport'],
    createClientId: () => `id ${++ids}`,
    made() {},
    described() {},
    gone() {},
  })
  return { groups, asked }
}

test('a group that is asked for again without having been answered is the same group; the next one is another', async () => {
  const { groups, asked } = openGroups()
  await expect(groups.start('Team', ['ada', 'grace'])).rejects.toThrow()
  expect(await groups.start('Team', ['ada', 'grace'])).toBe('r1')
  await groups.start('Team', ['ada', 'grace'])
  expect(asked.map(({ clientId }) => clientId)).toEqual(['id 1', 'id 1', 'id 2'])
})

test('with another name it is another group', async () => {
  const { groups, asked } = openGroups()
  await expect(groups.start('Team', ['ada'])).rejects.toThrow()
  await groups.start('Crew', ['ada'])
  expect(asked.map(({ clientId }) => clientId)).toEqual(['id 1', 'id 2'])
})

import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { command, commandTable } from '@/contracts/command'
import { audit } from '@/lib/pipeline/audit'
import { actorOf, signedIn } from '@/lib/pipeline/caller'
import type { NoteAudit } from '@/services/audit/ports'
import { ada, service } from '../../support/sessionUsers'

const rules = {
  input: z.string(),
  data: z.void(),
  http: 'POST /api/things',
  permission: 'anyone',
  limit: null,
} as const
const { kept, written, passing, aimed } = commandTable(null, {
  aimed: command({ ...rules, http: 'POST /api/things/:thingId/:other', audit: true }),
  kept: command({ ...rules, audit: true }),
  written: command({ ...rules, audit: 'in transaction' }),
  passing: command(rules),
})
const origin = { transport: 'http', correlationId: 'c1', address: '192.0.2.7', origin: 'https://chat.example' } as const
const actor = actorOf(ada, origin)

test('what an audited command came to is kept, refusals too', () => {
  const note = vi.fn<NoteAudit>()
  audit(note, kept, actor, 'ok')
  audit(note, kept, actor, 'FORBIDDEN')
  expect(note.mock.calls).toEqual([
    [actor, { action: 'kept', outcome: 'ok' }],
    [actor, { action: 'kept', outcome: 'FORBIDDEN' }],
  ])
})

test('of a command that is written in its transaction, refusals alone are noted', () => {
  const note = vi.fn<NoteAudit>()
  audit(note, written, actor, 'ok')
  audit(note, written, actor, 'NOT_FOUND')
  expect(note.mock.calls).toEqual([[actor, { action: 'written', outcome: 'NOT_FOUND' }]])
})

test('other commands leave no entry', () => {
  const note = vi.fn<NoteAudit>()
  audit(note, passing, actor, 'ok')
  expect(note).not.toHaveBeenCalled()
})

test.each([
  ['a person', ada, { userId: 'ada', name: 'Ada', sessionId: 'session-of-ada' }],
  ['another service, by the name of its key', service, { userId: null, name: 'billing', sessionId: null }],
  ['nobody', null, { userId: null, name: 'nobody', sessionId: null }],
  ['somebody who never got in', undefined, { userId: null, name: 'nobody', sessionId: null }],
])('%s is named, with where they came from', (_, caller, who) => {
  expect(actorOf(caller, origin)).toEqual({ ...who, ...origin })
})

test('who signs in is known by the answer', () => {
  const user = { id: 'grace', name: 'Grace', email: 'grace@example.com', role: 'user', permissions: [] }
  expect(actorOf(signedIn({ user }), origin)).toMatchObject({ userId: 'grace', name: 'Grace' })
  expect(signedIn({ user: { id: 'grace' } })).toBeUndefined()
  expect(signedIn(undefined)).toBeUndefined()
})

test.each([
  [{ thingId: 'thing-1', text: 'what somebody wrote' }, 'thing-1'],
  [{ thingId: 'x'.repeat(1_000) }, undefined],
  [{ thingId: 'thing\u0000' }, undefined],
  [{ thingId: { toString: 'no id' } }, undefined],
  ['what somebody wrote', undefined],
  [null, undefined],
])('of an input only the id in the address is kept: %j', (input, target) => {
  const note = vi.fn<NoteAudit>()
  audit(note, aimed, actor, 'ok', input)
  expect(note.mock.calls).toEqual([[actor, { action: 'aimed', outcome: 'ok', ...(target ? { target } : {}) }]])
})

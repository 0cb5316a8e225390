import { expect, test } from 'vitest'
import { changesOf, draftOf, standingOf, withPermission } from '@/components/people/permissionDraft'
import type { Account } from '@/contracts/people'
import { permissions } from '@/contracts/permissions'
import { userPermissions } from '../../support/sessionUsers'

const roles = { user: userPermissions, admin: [...permissions] }
const account = (own: Partial<Account['permissions']> = {}): Account => ({
  id: 'ada',
  name: 'Ada',
  email: 'ada@example.com',
  role: 'user',
  disabled: false,
  permissions: { effective: userPermissions, added: [], removed: [], ...own },
  sessions: 0,
  lastSeen: '2026-01-01T00:00:00.000Z',
})

test('a permission stands where role and list put it', () => {
  const draft = draftOf(account({ added: ['admin:view-audit'], removed: ['chat:write'] }))
  expect(standingOf(draft, roles, 'chat:read')).toBe('by role')
  expect(standingOf(draft, roles, 'chat:write')).toBe('removed')
  expect(standingOf(draft, roles, 'admin:view-audit')).toBe('added')
  expect(standingOf(draft, roles, 'admin:view-health')).toBe('not by role')
  expect(standingOf({ ...draft, role: 'admin' }, roles, 'admin:view-audit')).toBe('by role')
})

test('what is switched to what the role says needs no line; anything else is added or removed once', () => {
  const before = account()
  const draft = draftOf(before)
  const off = withPermission(draft, roles, 'chat:write', false)
  expect(off).toMatchObject({ added: [], removed: ['chat:write'] })
  expect(withPermission(off, roles, 'chat:write', false)).toEqual(off)
  expect(withPermission(off, roles, 'chat:write', true)).toEqual(draft)
  const on = withPermission(draft, roles, 'admin:view-audit', true)
  expect(on).toMatchObject({ added: ['admin:view-audit'], removed: [] })
  expect(withPermission(on, roles, 'admin:view-audit', false)).toEqual(draft)
})

test('only what is different is sent', () => {
  const before = account({ added: ['admin:view-audit', 'admin:view-health'] })
  const draft = draftOf(before)
  expect(changesOf(before, draft)).toBeUndefined()
  expect(changesOf(before, { ...draft, added: ['admin:view-health', 'admin:view-audit'] })).toBeUndefined()
  expect(changesOf(before, { ...draft, role: 'admin' })).toEqual({ role: 'admin' })
  expect(changesOf(before, { ...draft, added: [] })).toEqual({ permissions: { added: [], removed: [] } })
})

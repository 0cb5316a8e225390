import { expect, test } from 'vitest'
import { type Access, type ServiceScope, serviceScopes } from '@/contracts/permissions'
import type { Caller } from '@/lib/pipeline/caller'
import { requireAccess } from '@/lib/pipeline/permissions'
import { ada, grace, service } from '../../support/sessionUsers'

const outcome = (caller: Caller, access: Access): unknown => {
  try {
    requireAccess(caller, access)
    return 'allowed'
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error
  }
}

test.each<[Access, nobody: string, person: string, admin: string, service: string]>([
  ['anyone', 'allowed', 'allowed', 'allowed', 'allowed'],
  ['session', 'UNAUTHENTICATED', 'allowed', 'allowed', 'FORBIDDEN'],
  ['chat:write', 'UNAUTHENTICATED', 'allowed', 'allowed', 'FORBIDDEN'],
  ['admin:view-health', 'UNAUTHENTICATED', 'FORBIDDEN', 'allowed', 'allowed'],
  ['service:notify', 'UNAUTHENTICATED', 'FORBIDDEN', 'FORBIDDEN', 'allowed'],
])('%s: nobody %s, a person %s, an admin %s, another service %s', (access, ...expected) => {
  expect([null, ada, grace, service].map((caller) => outcome(caller, access))).toEqual(expected)
})

test.each<[Access, ServiceScope]>([
  ['service:notify', 'notify'],
  ['service:presence', 'presence'],
  ['service:metrics', 'metrics'],
  ['service:webhooks', 'webhooks'],
  ['admin:view-health', 'admin'],
  ['admin:manage-connections', 'admin'],
  ['admin:view-audit', 'admin'],
])('%s takes a key with the scope %s, and one with all the others says what it lacks', (access, scope) => {
  expect(outcome({ ...service, scopes: [scope] }, access)).toBe('allowed')
  const lacking = { ...service, scopes: serviceScopes.filter((other) => other !== scope) }
  expect(() => requireAccess(lacking, access)).toThrow(
    `The key "billing" lacks the scope "${scope}". Its operator can add that in SERVICE_KEYS.`,
  )
})

import { expect, test } from 'vitest'
import type { Access } from '@/contracts/permissions'
import { type Caller, service } from '@/lib/pipeline/caller'
import { requireAccess } from '@/lib/pipeline/permissions'
import { ada, grace } from '../../support/sessionUsers'

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
  ['session', 'UNAUTHENTICATED', 'allowed', 'allowed', 'allowed'],
  ['chat:write', 'UNAUTHENTICATED', 'allowed', 'allowed', 'allowed'],
  ['admin:view-health', 'UNAUTHENTICATED', 'FORBIDDEN', 'allowed', 'allowed'],
  ['service', 'UNAUTHENTICATED', 'FORBIDDEN', 'FORBIDDEN', 'allowed'],
])('%s: nobody %s, a person %s, an admin %s, another service %s', (access, ...expected) => {
  expect([null, ada, grace, service].map((caller) => outcome(caller, access))).toEqual(expected)
})

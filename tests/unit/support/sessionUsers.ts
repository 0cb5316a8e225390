import { serviceScopes } from '@/contracts/permissions'
import type { Service } from '@/lib/pipeline/caller'
import type { SessionUser } from '@/services/shared/SessionUser'

export const ada: SessionUser = { id: 'ada', name: 'Ada', role: 'user', sessionId: 'session-of-ada' }
export const grace: SessionUser = { id: 'grace', name: 'Grace', role: 'admin', sessionId: 'session-of-grace' }

/** Another service whose key may do everything. */
export const service: Service = { isService: true, name: 'billing', scopes: serviceScopes }

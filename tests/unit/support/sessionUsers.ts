import type { SessionUser } from '@/services/shared/SessionUser'

export const ada: SessionUser = { id: 'ada', name: 'Ada', role: 'user', sessionId: 'session-of-ada' }
export const grace: SessionUser = { id: 'grace', name: 'Grace', role: 'admin', sessionId: 'session-of-grace' }

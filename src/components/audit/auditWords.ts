/** What was done, as the end of a sentence about who did it; what is not here is shown by its own name. */
export const actionWords: Readonly<Record<string, string>> = {
  login: 'signed in',
  demo: 'signed in to the demo',
  register: 'made an account',
  logout: 'signed out',
  'connection.open': 'connected',
  'connection.close': 'disconnected',
  'connection.refused': 'was not let in',
  'admin:disconnect': 'closed a connection',
  createNotifications: 'sent notifications',
  exportAudit: 'exported the audit log',
  'user.role': 'changed a role',
  'session.end': 'ended a session',
}

export const wordsOf = (action: string): string => actionWords[action] ?? action

/** The same on its own. */
export const labelOf = (action: string): string => wordsOf(action).replace(/^./u, (letter) => letter.toUpperCase())

/** How it came out, for whoever does not know our codes. */
const outcomeWords: Readonly<Record<string, string>> = {
  ok: 'Done',
  BAD_REQUEST: 'Refused: bad input',
  UNAUTHENTICATED: 'Refused: not signed in',
  SESSION_EXPIRED: 'Refused: session ended',
  FORBIDDEN: 'Refused: not allowed',
  NOT_FOUND: 'Not found',
  CONFLICT: 'Refused: conflict',
  RATE_LIMITED: 'Refused: too often',
}

export const outcomeOf = (outcome: string): string => outcomeWords[outcome] ?? outcome

/** A value of an entry's details, on one line. */
export const wordOf = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(String).join(', ')
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}

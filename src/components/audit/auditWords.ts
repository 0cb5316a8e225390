/** What was done, as people say it; what is not here is shown by its own name. */
export const actionWords: Readonly<Record<string, string>> = {
  login: 'Signed in',
  demo: 'Signed in to the demo',
  register: 'Made an account',
  logout: 'Signed out',
  'connection.open': 'Connected',
  'connection.close': 'Disconnected',
  'connection.refused': 'Was not let in',
  'admin:disconnect': 'Closed a connection',
  createNotifications: 'Sent notifications',
  exportAudit: 'Exported the audit log',
  'user.role': 'Changed a role',
  'session.end': 'Ended a session',
}

export const wordsOf = (action: string): string => actionWords[action] ?? action

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

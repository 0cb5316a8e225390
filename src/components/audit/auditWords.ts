import type { AuditAction } from '@/contracts/audit'

const changes: Readonly<Record<AuditAction, string>> = {
  'account.disable': 'disabled their account',
  'connection.open': 'connected',
  'connection.close': 'disconnected',
  'connection.refused': 'was not let in',
  'google.begin': 'went to sign in with Google',
  'google.link': 'linked their account with Google',
  'google.signIn': 'signed in with Google',
  'google.unlink': 'unlinked their account from Google',
  'invite.create': 'made an invite',
  'password.reset': 'chose another password by a mailed link',
  'password.change': 'changed their password',
  'second-factor.set': 'set up a second factor',
  'second-factor.remove': 'removed their second factor',
  'session.end': 'ended a session',
  'user.disable': 'disabled an account',
  'user.enable': 'opened a disabled account again',
  'user.permissions': 'changed what somebody may do',
  'user.role': 'changed a role',
  'webhook.change': 'changed a webhook',
  'webhook.create': 'made a webhook',
  'webhook.delete': 'deleted a webhook',
  'webhook.replay': 'had webhooks sent again',
  'webhook.secret': 'made a new secret for a webhook',
}

/** What was done, as the end of a sentence about who did it; what is not here is shown by its own name. */
export const actionWords: Readonly<Record<string, string>> = {
  ...changes,
  login: 'signed in',
  secondFactor: 'gave a second factor',
  demo: 'signed in to the demo',
  register: 'made an account',
  forgotPassword: 'asked for a link to choose another password',
  endDigests: 'ended somebody’s digests by the link of a mail',
  logout: 'signed out',
  updateProfile: 'changed their profile',
  startTotp: 'began to set up a second factor',
  linkGoogle: 'went to link their account with Google',
  'admin:disconnect': 'closed a connection',
  createNotifications: 'sent notifications',
  exportAudit: 'exported the audit log',
  // Of these only refusals stand under the command's own name.
  disableAccount: 'tried to disable their account',
  endSession: 'tried to end a session',
  endOtherSessions: 'tried to end their other sessions',
  resetPassword: 'tried to choose another password by a mailed link',
  changePassword: 'tried to change their password',
  confirmTotp: 'tried to confirm a second factor',
  removeTotp: 'tried to remove their second factor',
  unlinkGoogle: 'tried to unlink their account from Google',
  createInvite: 'tried to make an invite',
  changeAccount: 'tried to change an account',
  endSessionsOf: 'tried to sign somebody out',
  createWebhook: 'tried to make a webhook',
  changeWebhook: 'tried to change a webhook',
  deleteWebhook: 'tried to delete a webhook',
  rotateWebhookSecret: 'tried to make a new secret for a webhook',
  replayDelivery: 'tried to have a webhook sent again',
  replayWebhook: 'tried to have webhooks sent again',
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

import * as z from 'zod/mini'
import { Code, Email, Name, Password, UserData } from './auth'
import { command, commandTable } from './command'
import { Id, Picture, Timestamp } from './primitives'

/** One of a person's own sessions; `id` is its public id. */
export const OwnSession = z.object({
  id: Id,
  /** The one that asks. */
  current: z.boolean(),
  createdAt: Timestamp,
  lastSeen: Timestamp,
  /** "Firefox on Linux"; blank: not known. */
  device: z.string(),
  /** The address it began at (of IPv6 its network); blank: not known. */
  address: z.string(),
})
export type OwnSession = z.infer<typeof OwnSession>

/** A password that is there already: whatever it is, it is compared and no more. */
const CurrentPassword = z
  .string({ error: 'Give your password.' })
  .check(z.minLength(1, 'Give your password.'), z.maxLength(256, 'This password is too long.'))

/** `current` is left out by whoever has none yet, since they sign in elsewhere. */
export const ChangePasswordInput = z.object({ current: z.optional(CurrentPassword), next: Password })
export type ChangePasswordInput = z.input<typeof ChangePasswordInput>

export const UpdateProfileInput = z.object({ name: z.optional(Name), avatarImage: z.optional(z.nullable(Picture)) })
export type UpdateProfileInput = z.input<typeof UpdateProfileInput>

/**
 * Who asks shows that they are the account's owner: by the password, or where there is none (left out) by having signed in
 * a moment ago.
 */
export const ConfirmInput = z.object({ password: z.optional(CurrentPassword) })
export type ConfirmInput = z.input<typeof ConfirmInput>

/** One's own account: what there is to sign in with. */
export const AccountData = z.object({
  hasPassword: z.boolean(),
  secondFactor: z.object({
    on: z.boolean(),
    /** Recovery codes that were not used yet. */
    codesLeft: z.int(),
    /** Until it is given in this session, what only administrators may do is withheld. */
    required: z.boolean(),
  }),
  /** Null where this installation has no sign-in with Google. `email`: of the account there, once linked. */
  google: z.nullable(z.object({ email: z.nullable(z.string()) })),
})
export type AccountData = z.infer<typeof AccountData>

/** What an authenticator app needs: as text to type, and as the address that its QR code holds. */
export const TotpSetup = z.object({ secret: z.string(), uri: z.string() })
export type TotpSetup = z.infer<typeof TotpSetup>

/** What most of these have in common. Who guesses a password here is counted as at the door. */
// Where people sign in elsewhere none of this is there.
const own = { permission: 'session', limit: 'account', errors: ['NOT_FOUND'] } as const

/** What people do with their own account; over HTTP only. */
export const accountCommands = commandTable(null, {
  /** One's own account: name, picture, address, how one may sign in, and what one may change of it. */
  readAccount: command({ ...own, input: z.undefined(), data: AccountData, http: 'GET /api/auth/account' }),
  /** One's own name and picture, as others see them. */
  updateProfile: command({
    ...own,
    input: UpdateProfileInput,
    data: UserData,
    http: 'PATCH /api/auth/account',
    audit: true,
  }),
  /** Ends all sessions; only an administrator can open the account again. */
  disableAccount: command({
    ...own,
    input: ConfirmInput,
    data: z.void(),
    http: 'POST /api/auth/disable',
    audit: 'in transaction',
  }),
  /** Where one is signed in. */
  listSessions: command({
    ...own,
    input: z.undefined(),
    data: z.object({ sessions: z.array(OwnSession) }),
    http: 'GET /api/auth/sessions',
  }),
  /** Signs out there. Its sockets close within five seconds. */
  endSession: command({
    ...own,
    input: z.object({ id: Id }),
    data: z.void(),
    http: 'DELETE /api/auth/sessions/:id',
    audit: 'in transaction',
  }),
  /** Signs out everywhere but here. */
  endOtherSessions: command({
    ...own,
    input: z.undefined(),
    data: z.void(),
    http: 'DELETE /api/auth/sessions',
    audit: 'in transaction',
  }),
  /** All other sessions end, and this one goes on under a new cookie. */
  changePassword: command({
    ...own,
    input: ChangePasswordInput,
    data: z.void(),
    http: 'POST /api/auth/password',
    errors: ['NOT_FOUND', 'CONFLICT'],
    audit: 'in transaction',
  }),
  /** A secret for an authenticator app. Nothing changes before it is confirmed. */
  startTotp: command({
    ...own,
    input: ConfirmInput,
    data: TotpSetup,
    http: 'POST /api/auth/totp',
    audit: true,
    errors: ['NOT_FOUND', 'CONFLICT'],
  }),
  /** From now on signing in takes a code as well. The recovery codes are shown this once. */
  confirmTotp: command({
    ...own,
    input: z.object({ code: Code }),
    /** Shown this once. */
    data: z.object({ recoveryCodes: z.array(z.string()) }),
    http: 'POST /api/auth/totp/confirm',
    errors: ['NOT_FOUND', 'CONFLICT'],
    audit: 'in transaction',
  }),
  /** Signing in takes the password alone again. Recovery codes go with it. */
  removeTotp: command({
    ...own,
    input: z.extend(ConfirmInput, { code: Code }),
    data: z.void(),
    http: 'DELETE /api/auth/totp',
    audit: 'in transaction',
  }),
  /** Where to go, to come back with the account there linked to this one. */
  linkGoogle: command({
    ...own,
    input: ConfirmInput,
    data: z.object({ url: z.url() }),
    http: 'POST /api/auth/google/link',
    audit: true,
  }),
  /** Signing in by Google is over; refused to whoever has no password. */
  unlinkGoogle: command({
    ...own,
    input: ConfirmInput,
    data: z.void(),
    http: 'DELETE /api/auth/google',
    errors: ['NOT_FOUND', 'CONFLICT'],
    audit: 'in transaction',
  }),
  /** A link with which one person can register, within seven days; `email`: only with this address. */
  createInvite: command({
    input: z.object({ email: z.optional(Email) }),
    /** `mailed`: to that address, in a moment. */
    data: z.object({ url: z.url(), mailed: z.boolean() }),
    http: 'POST /api/admin/invites',
    permission: 'admin:manage-users',
    limit: 'admin',
    errors: ['NOT_FOUND'],
    created: 'always',
    audit: 'in transaction',
  }),
})

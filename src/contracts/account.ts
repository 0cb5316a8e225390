import { z } from 'zod'
import { Password } from './auth'
import { command, commandTable } from './command'
import { Id, Timestamp } from './primitives'

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
  .min(1, 'Give your password.')
  .max(256, 'This password is too long.')

export const ChangePasswordInput = z.object({ current: CurrentPassword, next: Password })
export type ChangePasswordInput = z.input<typeof ChangePasswordInput>

/** What people do with their own account; over HTTP only. Those that take a password count wrong ones as signing in does. */
export const accountCommands = commandTable(null, {
  listSessions: command({
    input: z.undefined(),
    data: z.object({ sessions: z.array(OwnSession) }),
    http: 'GET /api/auth/sessions',
    permission: 'session',
    limit: 'account',
  }),
  endSession: command({
    input: z.object({ id: Id }),
    data: z.void(),
    http: 'DELETE /api/auth/sessions/:id',
    permission: 'session',
    limit: 'account',
    audit: true,
  }),
  endOtherSessions: command({
    input: z.undefined(),
    data: z.void(),
    http: 'DELETE /api/auth/sessions',
    permission: 'session',
    limit: 'account',
    audit: true,
  }),
  changePassword: command({
    input: ChangePasswordInput,
    data: z.void(),
    http: 'POST /api/auth/password',
    permission: 'session',
    limit: 'account',
    audit: true,
  }),
})

import * as z from 'zod/mini'
import { Audience } from './audiences'
import { command, commandTable } from './command'
import { line, Timestamp } from './primitives'
import { CurrentUser } from './users'

/** The cookie that holds Lucia's session id, on http. */
export const SESSION_COOKIE = 'auth_session'

/** On https: the prefix has browsers refuse one that another host of the same domain, or plain http, would set. */
export const SECURE_SESSION_COOKIE = `__Host-${SESSION_COOKIE}`

/** What the cookie is called, by whether pages are served by https. */
export const sessionCookieName = (secure: boolean): string => (secure ? SECURE_SESSION_COOKIE : SESSION_COOKIE)

/** An e-mail address, trimmed and in small letters, at most 254 characters. */
export const Email = z.pipe(
  z
    .string({ error: 'Give your e-mail address.' })
    .check(z.trim(), z.toLowerCase(), z.maxLength(254, 'An e-mail address has at most 254 characters.')),
  z.email('This does not look like an e-mail address.'),
)

/** A new password: 8 to 256 characters. How easily it is guessed is checked beside it. */
export const Password = z
  .string({ error: 'Give a password.' })
  .check(
    z.minLength(8, 'A password has at least 8 characters.'),
    z.maxLength(256, 'A password has at most 256 characters.'),
  )

/** What somebody is called: one line, 1 to 80 characters. */
export const Name = line('A name', 80)

export const RegisterInput = z.object({
  email: Email,
  password: Password,
  name: Name,
  /** Of the link somebody was invited by; needed where registration asks for one. */
  invite: z.optional(z.string().check(z.maxLength(100, 'This is no invite.'))),
})
export type RegisterInput = z.input<typeof RegisterInput>

/** Signing in asks less of a password than registering does: an old one must still open the door. */
export const LoginInput = z.object({
  email: Email,
  password: z
    .string({ error: 'Give your password.' })
    .check(z.minLength(1, 'Give your password.'), z.maxLength(256, 'This password is too long.')),
})
export type LoginInput = z.input<typeof LoginInput>

/** Whom of the demo to enter as; no password is asked for. */
export const DemoInput = z.pick(LoginInput, { email: true })
export type DemoInput = z.input<typeof DemoInput>

/** Who is signed in. */
export const UserData = z.object({ user: CurrentUser })
export type UserData = z.infer<typeof UserData>

/** The password was right, and a code is still needed: `challenge` goes back with it, within five minutes. */
export const Challenge = z.object({ secondFactor: z.literal(true), challenge: z.string() })
/** Signed in, or asked for a code first. */
export const LoginData = z.union([UserData, Challenge])
export type LoginData = z.infer<typeof LoginData>

/** A code of the authenticator app, or a recovery code; blanks do not matter. */
export const Code = z.pipe(
  z.pipe(
    z.string({ error: 'Give the code.' }).check(z.maxLength(40, 'A code is shorter.')),
    z.transform((code) => code.replaceAll(/\s/g, '').toLowerCase()),
  ),
  z.string().check(z.minLength(6, 'A code has six digits.')),
)

export const ForgotPasswordInput = z.object({ email: Email })
export type ForgotPasswordInput = z.input<typeof ForgotPasswordInput>

const notWhole = 'The link is not whole. Open it from the mail again.'

/** `token`: of the link that was mailed. */
export const ResetPasswordInput = z.object({
  token: z.string({ error: notWhole }).check(z.minLength(1, notWhole), z.maxLength(100, notWhole)),
  password: Password,
})
export type ResetPasswordInput = z.input<typeof ResetPasswordInput>

export const SecondFactorInput = z.object({ challenge: z.string().check(z.minLength(1), z.maxLength(100)), code: Code })
export type SecondFactorInput = z.input<typeof SecondFactorInput>

export const SessionTokenInput = z.object({ namespace: Audience })
/** `url`: the socket server that takes the token, until `expiresAt`. */
export const SessionTokenData = z.object({ token: z.string(), expiresAt: Timestamp, url: z.url() })
export type SessionTokenData = z.infer<typeof SessionTokenData>

/** Signing in and out; over HTTP only. */
export const authCommands = commandTable(null, {
  /** Makes an account and signs in. Where registration is by invitation, `invite` is the link's secret. */
  register: command({
    input: RegisterInput,
    data: UserData,
    http: 'POST /api/auth/register',
    permission: 'anyone',
    limit: 'auth',
    errors: ['UNAUTHENTICATED', 'NOT_FOUND', 'CONFLICT'],
    created: 'always',
    audit: true,
  }),
  /** Signs in: sets the cookie, or answers with a challenge where a second factor is set. */
  login: command({
    input: LoginInput,
    data: LoginData,
    http: 'POST /api/auth/login',
    permission: 'anyone',
    // Its handler counts wrong passwords, for account and address.
    limit: null,
    errors: ['UNAUTHENTICATED', 'NOT_FOUND', 'RATE_LIMITED'],
    audit: true,
  }),
  /** The second step: a code of the authenticator app, or a recovery code. */
  secondFactor: command({
    input: SecondFactorInput,
    data: UserData,
    http: 'POST /api/auth/second-factor',
    permission: 'anyone',
    // Its handler counts wrong codes for the address; for the account they are counted besides.
    limit: null,
    errors: ['UNAUTHENTICATED', 'NOT_FOUND', 'RATE_LIMITED'],
    audit: true,
  }),
  /** The same answer whether there is an account or not: whoever has it gets a mail. */
  forgotPassword: command({
    input: ForgotPasswordInput,
    data: z.void(),
    http: 'POST /api/auth/forgot',
    permission: 'anyone',
    limit: 'auth',
    errors: ['NOT_FOUND'],
    audit: true,
  }),
  /** Ends all sessions of the account, and begins none: a second factor is still asked for. */
  resetPassword: command({
    input: ResetPasswordInput,
    data: z.void(),
    http: 'POST /api/auth/reset',
    permission: 'anyone',
    limit: 'auth',
    errors: ['NOT_FOUND'],
    audit: 'in transaction',
  }),
  /** As somebody of the demo, where there is one: never in a strict process. */
  demo: command({
    input: DemoInput,
    data: UserData,
    http: 'POST /api/auth/demo',
    permission: 'anyone',
    limit: 'auth',
    errors: ['UNAUTHENTICATED', 'NOT_FOUND'],
    audit: true,
  }),
  /** Ends this session and takes the cookie away. */
  logout: command({
    input: z.undefined(),
    data: z.void(),
    http: 'POST /api/auth/logout',
    permission: 'anyone',
    // Whoever wants to leave is let go, whatever others at their address do.
    limit: null,
    errors: ['NOT_FOUND'],
    audit: 'in transaction',
  }),
  /** Who is signed in. */
  session: command({
    input: z.undefined(),
    data: UserData,
    http: 'GET /api/auth/session',
    permission: 'session',
    limit: 'notifications',
  }),
  /** A token for the handshake of a namespace (60 s, once), or for `/admin-api` or `/graphql` (5 min, reusable). */
  sessionToken: command({
    input: SessionTokenInput,
    data: SessionTokenData,
    http: 'GET /api/auth/session-token',
    permission: 'session',
    limit: 'session-token',
    errors: ['FORBIDDEN'],
  }),
})

import type { Role } from '@/contracts/permissions'

/** Somebody of the app that Tandem is part of. */
export interface IdentityPerson {
  /** As the app calls them: 1 to 64 visible ASCII characters, for ever the same person's. */
  id: string
  /** Whoever has none is called by their id. */
  name?: string | null | undefined
  /** A picture by its address, which may be a path of the site. */
  image?: string | null | undefined
}

/** Whom the app's own sign-in takes a request for. */
export interface IdentityVisitor extends IdentityPerson {
  /**
   * What they are in Tandem. Give it always, or never: left out, it stays as it is (at first `user`), so an app that says
   * `admin` and nothing else never takes it back. What is given here wins over what an administrator changes in Tandem.
   */
  role?: Role | undefined
  /**
   * What tells this sign-in from the same person's other ones: an id or a token of it, which stays the same while it lasts and
   * is another with the next. Left out, all browsers of a person share one session here, and signing out in one closes the
   * sockets of all.
   */
  sessionId?: string | undefined
  /**
   * When the sign-in ends by itself, not a token of it that is renewed meanwhile: nothing here outlives it. Needs a
   * `sessionId`. The clocks of this process and of the database decide together, so a sign-in's last seconds may be lost.
   */
  expiresAt?: Date | undefined
  /**
   * Whether a second factor was given. Needs a `sessionId`. In production nobody may do what only admins may without one.
   */
  secondFactor?: boolean | undefined
}

/** What of a request says who it is from. In Next, `cookies()` and `headers()` say the same while it is asked. */
export interface IdentityRequest {
  headers: Headers
}

/**
 * The app's own people and sign-in, in place of Tandem's: who is this request, and who are these ids. Asked in the web process
 * alone. What it throws ends the request with an error; it signs nobody in and nobody out.
 */
export interface Identity {
  /**
   * Null: nobody is signed in. Asked once with every request, so it should be quick; without an answer in COMMAND_TIMEOUT_MS
   * the request fails. By cookies: `Authorization: Bearer` is taken for a service's key by some commands, and without cookies
   * a sign-out is noticed only when the session here ends.
   */
  personOf(request: IdentityRequest): Promise<IdentityVisitor | null>
  /**
   * Those of these ids (at most 100) that exist, in any order. Asked for whom Tandem has not seen yet. Who cannot be taken is
   * left out, and the log says why.
   */
  people(ids: readonly string[]): Promise<IdentityPerson[]>
  /**
   * People to begin a conversation with, by part of a name (empty: whom to begin with); of at most 50, the first 20 that can
   * be written to are shown, in this order, and nobody else. Left out: whoever has been here is found, by everybody.
   */
  search?(query: string): Promise<IdentityPerson[]>
}

/** The app's own sign-in gave something that Tandem cannot take. The message says what. */
export class IdentityError extends Error {}

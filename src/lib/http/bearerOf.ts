/** What stands behind `Bearer` in an `Authorization` header (RFC 6750); undefined where nothing does. */
export const bearerOf = (authorization: unknown): string | undefined =>
  typeof authorization === 'string' ? /^Bearer +(\S.*)$/i.exec(authorization)?.[1] : undefined

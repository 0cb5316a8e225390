/** What kind of installation this is (`APP_ENV`). */
export const appEnvs = ['development', 'test', 'staging', 'production'] as const
export type AppEnv = (typeof appEnvs)[number]

/**
 * Whether people rely on it: then secrets, a database and an https address must be given, metrics ask for a key, and there
 * are no demo accounts.
 */
export const isStrict = (appEnv: AppEnv): boolean => appEnv === 'staging' || appEnv === 'production'

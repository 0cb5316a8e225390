import type { Identity } from '@/lib/auth/identity'

/**
 * Whose people and sign-in these are: undefined, Tandem's own. An app that Tandem is part of names a file of its own in this
 * one's place (docs/adopt.md).
 */
export const identity: Identity | undefined = undefined

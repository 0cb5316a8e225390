import type { WireError } from '@/contracts/errors'

/** A refusal as GraphQL writes it: the wire's error, its sentence where GraphQL has a place for it. */
export const refusalBody = ({ message, ...extensions }: WireError) => ({ errors: [{ message, extensions }] })

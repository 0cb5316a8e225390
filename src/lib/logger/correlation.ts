import { AsyncLocalStorage } from 'node:async_hooks'

/**
 * The id of the command that is being carried out: every line logged meanwhile, by service, publisher or database layer,
 * carries it as `correlationId`, and so does the error its caller gets.
 */
export const correlation = new AsyncLocalStorage<string>()

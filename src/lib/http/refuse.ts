import type { FastifyReply } from 'fastify'
import { errorTable, type WireError } from '@/contracts/errors'
import { retryAfterHeader } from './rateLimitHeaders'

/** Answers a refusal: its code's status, when to come back, and the error as the address writes it. */
export const refuse = (reply: FastifyReply, error: WireError, body: object = { error }): FastifyReply =>
  reply
    .status(errorTable[error.code].status)
    .headers(Object.fromEntries(retryAfterHeader(error)))
    .send(body)

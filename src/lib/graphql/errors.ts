import { GraphQLError } from 'graphql'
import { AppError } from '@/contracts/errors'
import { logFailure, toAppError } from '@/lib/pipeline/errorHandler'
import type { Logger } from '@/services/shared/Logger'
import { extensionsOf } from './RequestContext'

/** Any error on its way out: its extensions are the wire's error, and nothing else of ours is said. */
export function wireErrorOf(error: Error, correlationId: string, logger: Logger): GraphQLError {
  const said = error instanceof GraphQLError ? error : new GraphQLError(error.message, { originalError: error })
  // A command's refusal was logged where it was refused.
  if (typeof said.extensions.correlationId === 'string') return said
  const { originalError } = said
  // GraphQL's own words, of a document or of variables.
  const isOfDocument = originalError === undefined || originalError instanceof GraphQLError
  const appError = isOfDocument ? new AppError('BAD_REQUEST', { message: said.message }) : toAppError(originalError)
  logFailure(logger, 'a GraphQL operation', appError, { correlationId })
  const wire = appError.toWire(correlationId)
  const { nodes = null, source = null, positions = null, path = null } = said
  return new GraphQLError(wire.message, { nodes, source, positions, path, extensions: extensionsOf(wire) })
}

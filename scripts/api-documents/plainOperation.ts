import type { PlainAddress } from './plainAddresses'
import { codesWithKey, type Refusals } from './refusals'
import type { Schemas } from './schemas'
import { servers } from './servers'

/** OpenAPI's operation of an address that has no command. */
export const plainOperation = (
  { text, security, answers }: PlainAddress,
  path: string,
  schemas: Schemas,
  refusals: Refusals,
) => ({
  ...{ tags: ['operation'], summary: text, security: security ? [{ [security]: [] }] : [] },
  ...(!path.startsWith('/api/') && { servers: [servers.socket] }),
  responses: {
    ...(security && refusals.of(codesWithKey)),
    ...Object.fromEntries(
      Object.entries(answers).map(([status, { text: description, content }]) => [
        status,
        { description, ...(content && { content: contentOf(content, schemas) }) },
      ]),
    ),
  },
})

type Content = NonNullable<PlainAddress['answers'][number]['content']>

const contentOf = (content: Content, schemas: Schemas) =>
  Object.fromEntries(
    Object.entries(content).map(([type, schema]) => [
      type,
      { schema: schema === 'text' ? { type: 'string' } : schemas.of(schema, 'output') },
    ]),
  )

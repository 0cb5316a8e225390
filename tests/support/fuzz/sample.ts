import { z } from 'zod'

type Schema = z.core.JSONSchema.BaseSchema | boolean | undefined

/** What a schema takes, roughly: the place to begin changing things from. `id` is what fields that look like ids hold. */
export function sampleOf(schema: z.core.$ZodType, id: string): unknown {
  return sample(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), id)
}

function sample(schema: Schema, id: string): unknown {
  if (typeof schema !== 'object') return undefined
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  const [first] = schema.anyOf ?? schema.oneOf ?? schema.allOf ?? []
  if (first) return sample(first, id)
  switch (schema.type) {
    case 'object': {
      const fields = Object.entries(schema.properties ?? {}).map(([key, one]) => [key, sample(one, id)])
      if (fields.length === 0 && schema.additionalProperties) {
        const key = typeof schema.propertyNames === 'object' ? String(sample(schema.propertyNames, id)) : id
        return { [key]: sample(schema.additionalProperties, id) }
      }
      return Object.fromEntries(fields)
    }
    case 'array':
      return [sample(Array.isArray(schema.items) ? schema.items[0] : schema.items, id)]
    case 'integer':
    case 'number':
      return Math.max(1, schema.minimum ?? 1)
    case 'boolean':
      return true
    case 'string':
      return sampleText(schema, id)
    default:
      return undefined
  }
}

function sampleText({ format, pattern, minLength = 0 }: z.core.JSONSchema.BaseSchema, id: string): string {
  if (format === 'date-time') return '2026-01-01T00:00:00.000Z'
  if (format === 'email') return 'somebody@example.com'
  if (format === 'uri') return 'https://example.com/'
  return pattern || minLength <= id.length ? id : id.padEnd(minLength, 'x')
}

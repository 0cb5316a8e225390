import type { JsonSchema } from './schemas'

type Style = 'line' | 'lines'

/** A JSON Schema as TypeScript would write its type. @param place - what comes before a name in a reference. */
export function typeText(schema: JsonSchema | boolean | undefined, place: string, style: Style): string {
  if (typeof schema !== 'object') return 'unknown'
  const inner = (one: JsonSchema | boolean | undefined) => typeText(one, place, 'line')
  if (schema.$ref) return schema.$ref.slice(place.length)
  if (schema.const !== undefined) return literal(schema.const)
  if (schema.enum) return schema.enum.map(literal).join(' | ')
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return choices.map((one) => typeText(one, place, style)).join(' | ')
  switch (schema.type) {
    case 'object':
      return objectText(schema, place, style)
    case 'array': {
      const item = inner(Array.isArray(schema.items) ? schema.items[0] : schema.items)
      return /[|]/.test(item) ? `(${item})[]` : `${item}[]`
    }
    case 'integer':
      return 'number'
    case undefined:
      return schema.not ? 'nothing' : 'unknown'
    default:
      return [schema.type].flat().join(' | ')
  }
}

function objectText(schema: JsonSchema, place: string, style: Style): string {
  const { properties, required = [], additionalProperties, propertyNames } = schema
  if (!properties && additionalProperties) {
    const names =
      typeof propertyNames === 'object' && propertyNames.enum ? propertyNames.enum.map(literal).join(' | ') : 'string'
    return `{ [${names.includes('|') ? `name in ${names}` : 'id: string'}]: ${typeText(additionalProperties, place, 'line')} }`
  }
  const fields = Object.entries(properties ?? {}).map(
    ([name, one]) =>
      `${/^[A-Za-z_]\w*$/.test(name) ? name : `'${name}'`}${required.includes(name) ? '' : '?'}: ${typeText(one, place, 'line')}`,
  )
  if (fields.length === 0) return '{}'
  return style === 'line' ? `{ ${fields.join(', ')} }` : `{\n${fields.map((field) => `  ${field}`).join('\n')}\n}`
}

const literal = (value: unknown): string => (typeof value === 'string' ? `'${value}'` : String(value))

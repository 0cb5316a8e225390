import type { Command, ServerEvent } from '@/contracts/command'
import { hasBody, splitAddress } from '@/contracts/httpRequest'
import { alsoShown, exampleShapes, exampleValues } from './exampleValues'
import { isNothing, type JsonSchema, Schemas } from './schemas'

type Part = JsonSchema | boolean | undefined

const schemas = new Schemas('')
const time = '2026-11-22T10:00:00.000Z'

/** Something that this event may carry. */
export const exampleOfEvent = ({ payload }: ServerEvent): unknown => sample(schemas.of(payload, 'output'), '', [])

/** Something that this command takes; undefined: it takes nothing. */
export const exampleInput = ({ name, input }: Command): unknown =>
  isNothing(input) ? undefined : sample(schemas.of(input, 'input'), '', alsoShown[name])

/** Something that it answers; undefined: nothing. */
export const exampleData = ({ data }: Command): unknown =>
  isNothing(data) || data._zod.def.type === 'custom' ? undefined : sample(schemas.of(data, 'output'), '', [])

/** How HTTP asks for it: what its address names, what its query does, and the body. */
export function exampleRequest(command: Command): HttpExample | undefined {
  if (typeof command.http !== 'string') return undefined
  const { method, path } = splitAddress(command.http)
  const shape = command.httpForm?.shape ?? command.input
  const sampled = isNothing(shape) ? {} : sample(schemas.of(shape, 'input'), '', alsoShown[command.name])
  const fields: Record<string, unknown> = typeof sampled === 'object' && sampled !== null ? { ...sampled } : {}
  const named = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name)
  const inPath = Object.fromEntries(named.map((name) => [name, fields[name] ?? exampleValues[name]]))
  const others = Object.fromEntries(Object.entries(fields).filter(([name]) => !named.includes(name)))
  const hasOthers = Object.keys(others).length > 0
  return {
    parameters: { ...inPath, ...(hasBody(method) ? {} : others) },
    body: hasBody(method) && hasOthers ? others : undefined,
    address: `${method} ${path.replaceAll(/:(\w+)/g, (_, name: string) => String(inPath[name]))}${
      hasBody(method) || !hasOthers
        ? ''
        : `?${new URLSearchParams(Object.entries(others).map(([key, value]) => [key, String(value)]))}`
    }`,
  }
}

interface HttpExample {
  /** `POST /api/chat/rooms`, with the query. */
  address: string
  parameters: Record<string, unknown>
  body: Record<string, unknown> | undefined
}

/**
 * @param name - of the field that holds it.
 * @param also - fields that may be left out and are not; absent: one, where all may be.
 * @param own - fields whose value depends on the shape.
 */
function sample(schema: Part, name: string, also?: readonly string[], own: Record<string, string> = {}): unknown {
  if (typeof schema !== 'object') return null
  if (schema.$ref) return sample(schemas.resolved(schema), name, also, exampleShapes[schema.$ref])
  if (schema.const !== undefined) return schema.const
  const known = exampleValues[name]
  if (schema.enum) return schema.enum.includes(known ?? null) ? known : schema.enum[0]
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) {
    const isNullable = choices.some((one) => typeof one === 'object' && one.type === 'null')
    return known === null && isNullable ? null : sample(choices[0], name, also)
  }
  switch (schema.type) {
    case 'object':
      return { ...sampleObject(schema, name, also), ...shownOf(own, schema) }
    case 'array':
      return [sample(Array.isArray(schema.items) ? schema.items[0] : schema.items, name.replace(/s$/, ''), [])]
    case 'integer':
    case 'number':
      return typeof known === 'number' ? known : Math.max(1, schema.minimum ?? 1)
    case 'boolean':
      return true
    case 'string':
      return schema.format === 'date-time' ? time : typeof known === 'string' ? known : name || 'text'
    default:
      return null
  }
}

function sampleObject(schema: JsonSchema, name: string, also: readonly string[] | undefined): Record<string, unknown> {
  const { properties = {}, required = [], additionalProperties, propertyNames } = schema
  if (Object.keys(properties).length === 0 && additionalProperties) {
    const keys = typeof propertyNames === 'object' ? schemas.resolved(propertyNames).enum : undefined
    const key = name === 'reads' ? 'user-grace' : name === 'rooms' ? 'room-7' : 'id-1'
    const shown = keys ? (required.length > 0 ? keys : keys.slice(0, 1)) : [key]
    return Object.fromEntries(shown.map((one) => [one, sample(additionalProperties, name.replace(/s$/, ''), [])]))
  }
  const optional = Object.keys(properties).filter((key) => !required.includes(key))
  const shown = also ?? (required.length === 0 ? optional.slice(0, 1) : [])
  const entries = Object.entries(properties).filter(([key]) => required.includes(key) || shown.includes(key))
  return Object.fromEntries(entries.map(([key, one]) => [key, sample(one, key, [])]))
}

const shownOf = (own: Record<string, string>, { required = [] }: JsonSchema): Record<string, string> =>
  Object.fromEntries(Object.entries(own).filter(([key]) => required.includes(key)))

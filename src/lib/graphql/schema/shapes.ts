import type * as z from 'zod/mini'

type Schema = z.core.$ZodType

/** What is inside of `optional(nullable(…))`, and how it is wrapped. */
export interface Shape {
  core: z.core.$ZodTypes
  /** It may be left out, or be `undefined`. */
  isOptional: boolean
  /** Null means something. */
  isNullable: boolean
  /** What stands in its place when it is left out: of an answer it is there, then. */
  hasDefault: boolean
}

/** Looks through whatever a schema of the contract is wrapped into; of what is transformed, at the end that callers see. */
export function shapeOf(schema: Schema): Shape {
  // zod's own union of all its kinds.
  const core = schema as z.core.$ZodTypes
  const { def } = core._zod
  switch (def.type) {
    case 'optional':
      return { ...shapeOf(def.innerType), isOptional: true }
    case 'nullable':
      return { ...shapeOf(def.innerType), isNullable: true }
    case 'default':
    case 'prefault':
      return { ...shapeOf(def.innerType), isOptional: true, hasDefault: true }
    case 'pipe':
      return shapeOf(def.out._zod.def.type === 'transform' ? def.in : def.out)
    default:
      return { core, isOptional: false, isNullable: false, hasDefault: false }
  }
}

/** The fields of an object; undefined where it is none. */
export const fieldsOf = ({ core }: Shape): Readonly<Record<string, Schema>> | undefined => {
  const { def } = core._zod
  return def.type === 'object' ? def.shape : undefined
}

/** A record's keys where they are known beforehand, like the names of an enum. */
export function namedKeysOf({ core }: Shape): readonly string[] | undefined {
  const { def } = core._zod
  if (def.type !== 'record') return undefined
  const key = shapeOf(def.keyType).core._zod.def
  return key.type === 'enum' ? Object.values(key.entries).map(String) : undefined
}

import { isDeepStrictEqual } from 'node:util'
import * as z from 'zod/mini'
import * as account from '@/contracts/account'
import * as admin from '@/contracts/admin'
import * as audit from '@/contracts/audit'
import * as auth from '@/contracts/auth'
import * as blocks from '@/contracts/blocks'
import * as chat from '@/contracts/chat'
import * as errors from '@/contracts/errors'
import * as groups from '@/contracts/groups'
import * as health from '@/contracts/health'
import * as notifications from '@/contracts/notifications'
import * as people from '@/contracts/people'
import * as permissions from '@/contracts/permissions'
import * as preferences from '@/contracts/preferences'
import * as presence from '@/contracts/presence'
import * as push from '@/contracts/push'
import * as search from '@/contracts/search'
import * as topics from '@/contracts/topics'
import * as users from '@/contracts/users'
import * as webhooks from '@/contracts/webhooks'

export type JsonSchema = z.core.JSONSchema.BaseSchema

const modules = [
  permissions,
  chat,
  errors,
  groups,
  blocks,
  search,
  notifications,
  topics,
  preferences,
  presence,
  push,
  users,
  account,
  auth,
  people,
  audit,
  webhooks,
  health,
  admin,
]

/** Neither input nor data. */
export const isNothing = ({ _zod }: z.ZodMiniType): boolean => ['undefined', 'void'].includes(_zod.def.type)

const isSchema = (value: unknown): value is z.ZodMiniType => value instanceof z.core.$ZodType

/** The shapes that the contract exports under a name: the documents say them once, and refer to them. */
function namedShapes() {
  const names = z.registry<{ id: string }>()
  const taken = new Set<string>()
  for (const [name, schema] of modules.flatMap((module) => Object.entries(module))) {
    const isObject = isSchema(schema) && ['object', 'union', 'enum'].includes(schema._zod.def.type)
    if (!isObject || names.has(schema) || taken.has(name)) continue
    taken.add(name)
    names.add(schema, { id: name })
  }
  return names
}

/** JSON Schemas of the contract, with the named ones among them gathered at `place`. */
export class Schemas {
  readonly named: Record<string, JsonSchema> = {}
  private readonly names = namedShapes()

  /** @param place - where a document keeps named shapes, like `#/components/schemas/`. */
  constructor(readonly place: string) {}

  /** `input`: what may be given; `output`: what is answered. */
  of(schema: z.ZodMiniType, io: 'input' | 'output'): JsonSchema {
    if (isNothing(schema)) return { not: {} }
    const {
      $schema: _,
      $defs = {},
      ...own
    } = z.toJSONSchema(schema, {
      ...{ io, metadata: this.names, unrepresentable: 'any' as const, reused: 'inline' as const },
      override: ({ zodSchema, jsonSchema }) => {
        Object.assign(jsonSchema, behindItsSize(zodSchema, io))
        delete jsonSchema.id
        // The format says it in two words.
        if (jsonSchema.format === 'date-time') delete jsonSchema.pattern
        // A later version may answer more, and what is asked too much is ignored.
        if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties
      },
    })
    for (const [name, definition] of Object.entries($defs)) {
      const shape = this.refer(definition)
      const known = this.named[name]
      if (known && !isDeepStrictEqual(known, shape)) {
        throw new Error(`${name} is read otherwise than it is written: give each of the two a name in src/contracts.`)
      }
      this.named[name] = shape
    }
    return this.refer(own)
  }

  /** What a reference stands for. */
  resolved(schema: JsonSchema): JsonSchema {
    const name = schema.$ref?.slice(this.place.length)
    return (name && this.named[name]) || schema
  }

  private refer<T>(value: T): T {
    return JSON.parse(JSON.stringify(value).replaceAll('"#/$defs/', `"${this.place}`))
  }
}

/** What `atMost` counts before it looks at any of it. */
function behindItsSize(schema: z.core.$ZodTypes, io: 'input' | 'output'): JsonSchema {
  const { def } = schema._zod
  if (def.type !== 'pipe' || def.in._zod.def.type !== 'custom') return {}
  const { $schema: _, ...shape } = z.toJSONSchema(def.out, { io, unrepresentable: 'any' })
  return shape
}

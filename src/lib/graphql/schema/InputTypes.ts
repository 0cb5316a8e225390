import {
  type GraphQLFieldConfigArgumentMap,
  GraphQLInputObjectType,
  type GraphQLInputType,
  GraphQLList,
  GraphQLNonNull,
  type GraphQLNullableType,
} from 'graphql'
import * as z from 'zod/mini'
import type { EnumTypes } from './EnumTypes'
import { pascal, schemaNames } from './names'
import { scalarOf } from './scalars'
import { fieldsOf, namedKeysOf, type Shape, shapeOf } from './shapes'

type Schema = z.core.$ZodType

interface Input {
  type: GraphQLInputType
  /** What the contract takes, of what GraphQL gives. */
  read(value: unknown): unknown
}

type Fields = Readonly<Record<string, Schema>>

/**
 * What the contract's commands take as GraphQL arguments: the fields of the input. Of what may be written in several ways the
 * one with fields; a map is a list of entries `{ key, value }`. Null is the same as left out, unless it means something.
 */
export class InputTypes {
  private readonly objects = new Map<Schema, GraphQLInputObjectType>()

  constructor(private readonly enums: EnumTypes) {}

  /** A command's arguments. */
  args(
    schema: Schema,
    command: string,
  ): { args: GraphQLFieldConfigArgumentMap; read(args: Record<string, unknown>): unknown } {
    const shape = shapeOf(schema)
    const fields = this.fieldsOf(shape)
    if (!fields) return { args: {}, read: () => undefined }
    const { types, read } = this.object(fields, command)
    return {
      args: types,
      read: (args) => (shape.isOptional && Object.keys(args).length === 0 ? undefined : read(args)),
    }
  }

  private of(schema: Schema, place: string): Input {
    const shape = shapeOf(schema)
    const { type, read } = this.nullable(shape, place)
    return {
      type: shape.isOptional || shape.isNullable ? type : new GraphQLNonNull(type),
      read: (value) => (value === null ? (shape.isNullable ? null : undefined) : read(value)),
    }
  }

  private nullable(shape: Shape, place: string): Input & { type: GraphQLNullableType & GraphQLInputType } {
    const { core } = shape
    const { def } = core._zod
    const fields = this.fieldsOf(shape)
    if (fields) {
      const { types, read } = this.object(fields, place)
      const type = this.objects.get(core) ?? new GraphQLInputObjectType({ name: `${place}Input`, fields: types })
      this.objects.set(core, type)
      return { type, read: (value) => read(Object(value)) }
    }
    switch (def.type) {
      case 'array': {
        const item = this.of(def.element, place)
        return {
          type: new GraphQLList(item.type),
          read: (value) => (value as unknown[]).map(item.read), // its type says that it is a list
        }
      }
      case 'record': {
        const value = this.of(def.valueType, place)
        const key = { type: new GraphQLNonNull(scalarOf(shapeOf(def.keyType))) }
        const entry =
          this.objects.get(core) ??
          new GraphQLInputObjectType({ name: `${place}EntryInput`, fields: { key, value: { type: value.type } } })
        this.objects.set(core, entry)
        return {
          type: new GraphQLList(new GraphQLNonNull(entry)),
          // Its type says what entries have.
          read: (entries) =>
            Object.fromEntries(
              (entries as { key: string; value: unknown }[]).map((one) => [one.key, value.read(one.value)]),
            ),
        }
      }
      case 'enum':
        return {
          type: this.enums.of(core, schemaNames.get(core) ?? place) ?? scalarOf(shape),
          read: (value) => value,
        }
      default:
        return { type: scalarOf(shape), read: (value) => value }
    }
  }

  /** Of an object, of one of several ways to write it that is an object, and of a map whose keys are known. */
  private fieldsOf(shape: Shape): Fields | undefined {
    const { def } = shape.core._zod
    if (def.type === 'union') return def.options.map((option) => this.fieldsOf(shapeOf(option))).find(Boolean)
    const keys = namedKeysOf(shape)
    if (!keys || def.type !== 'record') return fieldsOf(shape)
    const value = z.optional(def.valueType)
    return Object.fromEntries(keys.map((key) => [key, value]))
  }

  private object(fields: Fields, place: string) {
    const inputs = new Map(Object.entries(fields).map(([key, schema]) => [key, this.of(schema, place + pascal(key))]))
    return {
      types: Object.fromEntries([...inputs].map(([key, { type }]) => [key, { type }])),
      read: (given: Record<string, unknown>) =>
        Object.fromEntries(
          Object.entries(given)
            .map(([key, value]) => [key, inputs.get(key)?.read(value)] as const)
            .filter(([, value]) => value !== undefined),
        ),
    }
  }
}

import {
  type GraphQLFieldConfig,
  GraphQLList,
  GraphQLNonNull,
  type GraphQLNullableType,
  GraphQLObjectType,
  type GraphQLOutputType,
} from 'graphql'
import type * as z from 'zod/mini'
import type { EnumTypes } from './EnumTypes'
import { pascal, schemaNames } from './names'
import { scalarOf } from './scalars'
import { fieldsOf, type Shape, shapeOf } from './shapes'

type Schema = z.core.$ZodType

/** A type of answers, and how GraphQL writes them where the contract does otherwise. */
export interface Output {
  type: GraphQLOutputType
  /** Absent: as they are. */
  write?: ((value: unknown) => unknown) | undefined
}

/**
 * The contract's answers as GraphQL types: objects as they are; what is one of several objects as one with the fields of all
 * of them, those of the others null; a map as a list of entries `{ key, value }`.
 */
export class OutputTypes {
  private readonly objects = new Map<string, GraphQLObjectType>()

  constructor(private readonly enums: EnumTypes) {}

  /** @param place - what it is called where the contract has no name for it. */
  of(schema: Schema, place: string): Output {
    const shape = shapeOf(schema)
    const { type, write } = this.nullable(shape, place)
    const isNull = shape.isNullable || (shape.isOptional && !shape.hasDefault)
    return {
      type: isNull ? type : new GraphQLNonNull(type),
      write: write && ((value) => (value === undefined || value === null ? null : write(value))),
    }
  }

  private nullable(shape: Shape, place: string): Output & { type: GraphQLNullableType & GraphQLOutputType } {
    const { core } = shape
    const { def } = core._zod
    const name = schemaNames.get(core) ?? place
    switch (def.type) {
      case 'object':
        return { type: this.object(name, def.shape, false) }
      case 'union': {
        const options = def.options.map((option) => fieldsOf(shapeOf(option)))
        if (!options.every((fields) => fields !== undefined)) return { type: scalarOf(shape) }
        return { type: this.object(name, Object.assign({}, ...options.toReversed()), true) }
      }
      case 'array': {
        const item = this.of(def.element, place)
        const { write } = item
        return {
          type: new GraphQLList(item.type),
          write: write && ((value) => (value as unknown[]).map(write)), // the contract says that it is a list
        }
      }
      case 'record': {
        const value = this.of(def.valueType, place)
        const key = { type: new GraphQLNonNull(scalarOf(shapeOf(def.keyType))) }
        const entry = this.once(`${schemaNames.get(shapeOf(def.valueType).core) ?? place}Entry`, () => ({
          key,
          value: { type: value.type },
        }))
        const { write = (one: unknown) => one } = value
        return {
          type: new GraphQLList(new GraphQLNonNull(entry)),
          write: (map) => Object.entries(Object(map)).map(([key, one]) => ({ key, value: write(one) })),
        }
      }
      case 'enum':
        return { type: this.enums.of(core, name) ?? scalarOf(shape) }
      default:
        return { type: scalarOf(shape) }
    }
  }

  private object(name: string, fields: Readonly<Record<string, Schema>>, isOneOfSeveral: boolean): GraphQLObjectType {
    return this.once(name, () =>
      Object.fromEntries(
        Object.entries(fields).map(([key, schema]) => {
          const { type, write } = this.of(schema, name + pascal(key))
          const field: GraphQLFieldConfig<Record<string, unknown>, unknown> = {
            type: isOneOfSeveral && type instanceof GraphQLNonNull ? type.ofType : type,
            ...(write ? { resolve: (source) => write(source[key]) } : {}),
          }
          return [key, field]
        }),
      ),
    )
  }

  /** One type for each name, whichever command it is found in first. */
  private once(
    name: string,
    fields: () => Record<string, GraphQLFieldConfig<Record<string, unknown>, unknown>>,
  ): GraphQLObjectType {
    const known = this.objects.get(name)
    if (known) return known
    const type = new GraphQLObjectType({ name, fields: fields() })
    this.objects.set(name, type)
    return type
  }
}

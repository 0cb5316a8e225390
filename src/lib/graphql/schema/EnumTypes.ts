import { GraphQLEnumType } from 'graphql'
import type * as z from 'zod/mini'

/** The contract's lists of words, for inputs and answers alike. */
export class EnumTypes {
  private readonly known = new Map<z.core.$ZodType, GraphQLEnumType>()

  /** Undefined where its words are no names in GraphQL. */
  of(schema: z.core.$ZodTypes, name: string): GraphQLEnumType | undefined {
    const { def } = schema._zod
    if (def.type !== 'enum') return undefined
    const words = Object.values(def.entries).map(String)
    if (!words.every((word) => /^(?!(true|false|null|__))[A-Za-z_]\w*$/.test(word))) return undefined
    const type =
      this.known.get(schema) ??
      new GraphQLEnumType({ name, values: Object.fromEntries(words.map((word) => [word, { value: word }])) })
    this.known.set(schema, type)
    return type
  }
}

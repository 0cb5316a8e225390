import {
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  GraphQLScalarType,
  GraphQLString,
  valueFromASTUntyped,
} from 'graphql'
import { Id } from '@/contracts/primitives'
import type { Shape } from './shapes'

/** What the contract leaves open, or GraphQL has no words for. */
const Json = new GraphQLScalarType({
  name: 'JSON',
  description: 'Any JSON.',
  parseValue: (value) => value,
  parseLiteral: (node, variables) => valueFromASTUntyped(node, variables),
})

export function scalarOf({ core }: Shape): GraphQLScalarType {
  const { def } = core._zod
  switch (def.type) {
    case 'string':
    case 'enum':
      return core === Id ? GraphQLID : GraphQLString
    case 'boolean':
      return GraphQLBoolean
    case 'number':
      return [def, ...(def.checks ?? []).map((check) => check._zod.def)].some(isOfIntegers) ? GraphQLInt : GraphQLFloat
    case 'literal':
      return scalarOfLiteral(typeof def.values[0])
    default:
      return Json
  }
}

const scalarOfLiteral = (type: string): GraphQLScalarType =>
  type === 'boolean' ? GraphQLBoolean : type === 'string' ? GraphQLString : Json

/** All integers of the contract are counters and page sizes, which GraphQL's 32 bits hold. */
const isOfIntegers = (rule: object): boolean => 'format' in rule && String(rule.format).endsWith('int')

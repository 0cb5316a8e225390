import { costLimitRule } from '@escape.tech/graphql-armor-cost-limit'
import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases'
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth'
import {
  type DocumentNode,
  type ExecutionArgs,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  type ValidationRule,
  validate,
  visit,
} from 'graphql'
import type { RequestContext } from './RequestContext'

export interface OperationParams {
  query: string
  operationName?: string | null | undefined
  variables?: Readonly<Record<string, unknown>> | null | undefined
}

/** Words and signs of one document. */
const MOST_TOKENS = 1_000
/** Fields and fragments in all of it: whether they fit together is asked of each two, before it is known what is carried out. */
const MOST_SELECTIONS = 200
/** Objects within each other. */
const MOST_DEPTH = 10
/** The same field more than once: each command still counts against its own limit. */
const MOST_ALIASES = 15
/** A field costs 1, an object 2, and half as much more with each step into it: some ten rooms with all there is in them. */
const MOST_COST = 2_000
/** Faults that are told. */
const MOST_ERRORS = 10

/** Reads documents, and refuses what asks for too much before anything of it is carried out. */
export class Operations {
  private readonly bounds: readonly ValidationRule[]
  private readonly rules: readonly ValidationRule[]

  constructor(
    private readonly schema: GraphQLSchema,
    /** Strict: nothing is told of the schema that one does not know. */
    private readonly isStrict: boolean,
  ) {
    const bounds = [
      maxDepthRule({ n: MOST_DEPTH, flattenFragments: true }),
      maxAliasesRule({ n: MOST_ALIASES }),
      costLimitRule({ maxCost: MOST_COST }),
    ]
    // A type of theirs, with a visitor for operations.
    this.bounds = bounds as unknown as ValidationRule[]
    this.rules = [...(isStrict ? [NoSchemaIntrospectionCustomRule] : []), ...specifiedRules]
  }

  /** What is to be carried out, or what is wrong with it. */
  read(
    { query, operationName, variables }: OperationParams,
    contextValue: RequestContext,
  ): ExecutionArgs | GraphQLError[] {
    try {
      const document = parse(query, { maxTokens: MOST_TOKENS })
      requireFewSelections(document)
      const hideSuggestions = this.isStrict
      for (const rules of [this.bounds, this.rules]) {
        const faults = validate(this.schema, document, rules, { maxErrors: MOST_ERRORS, hideSuggestions })
        if (faults.length > 0) return faults.slice(0, MOST_ERRORS)
      }
      return {
        ...{ schema: this.schema, document, operationName, contextValue, hideSuggestions },
        variableValues: variables,
      }
    } catch (error) {
      // Syntax, and bounds, are thrown.
      if (error instanceof GraphQLError) return [error]
      throw error
    }
  }
}

/** @throws GraphQLError */
function requireFewSelections(document: DocumentNode): void {
  let count = 0
  visit(document, {
    enter({ kind }) {
      if (COUNTED.has(kind) && ++count > MOST_SELECTIONS) {
        throw new GraphQLError(`A document has at most ${MOST_SELECTIONS} fields and fragments.`)
      }
    },
  })
}

const COUNTED: ReadonlySet<string> = new Set([
  Kind.FIELD,
  Kind.FRAGMENT_SPREAD,
  Kind.INLINE_FRAGMENT,
  Kind.FRAGMENT_DEFINITION,
])

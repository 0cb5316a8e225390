import { type GraphQLFieldConfig, GraphQLObjectType, GraphQLSchema } from 'graphql'
import type { Command } from '@/contracts/command'
import { graphqlCommands, isQuery } from '../commands'
import type { RequestContext } from '../RequestContext'
import { subscriptionFields } from '../subscriptions/fields'
import { EnumTypes } from './EnumTypes'
import { InputTypes } from './InputTypes'
import { camel, pascal } from './names'
import { OutputTypes } from './OutputTypes'

/** Queries and mutations, one for each command, made from what the contract says of it; and what can be subscribed to. */
export function createSchema(): GraphQLSchema {
  const enums = new EnumTypes()
  const [inputs, outputs] = [new InputTypes(enums), new OutputTypes(enums)]

  const fieldOf = (command: Command): GraphQLFieldConfig<unknown, RequestContext> => {
    const place = pascal(command.name)
    const { args, read } = inputs.args(command.input, place)
    const { type, write = (data: unknown) => data } = outputs.of(command.data, `${place}Data`)
    return {
      type,
      args,
      resolve: async (_source, given, context) => write(await context.run(command, read(given))),
    }
  }
  const root = (name: string, commands: readonly Command[]) =>
    new GraphQLObjectType({
      name,
      fields: Object.fromEntries(commands.map((command) => [camel(command.name), fieldOf(command)])),
    })

  return new GraphQLSchema({
    query: root('Query', graphqlCommands.filter(isQuery)),
    mutation: root(
      'Mutation',
      graphqlCommands.filter((command) => !isQuery(command)),
    ),
    subscription: new GraphQLObjectType({ name: 'Subscription', fields: subscriptionFields(outputs) }),
  })
}

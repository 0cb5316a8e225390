import { type GraphQLFieldConfig, GraphQLID, GraphQLInt, GraphQLList, GraphQLNonNull } from 'graphql'
import type * as z from 'zod/mini'
import { ChatMessage } from '@/contracts/chat'
import { PresenceMap } from '@/contracts/presence'
import type { RequestContext } from '../RequestContext'
import type { OutputTypes } from '../schema/OutputTypes'
import type { Feed } from './Feed'
import { NewNotifications, NumberedNotification } from './NotificationFeed'
import { PresenceChanges } from './PresenceFeed'
import { NewMessages, RoomChanges } from './RoomFeed'

type Field = GraphQLFieldConfig<unknown, RequestContext>

const id = { type: new GraphQLNonNull(GraphQLID) }

/** What can be subscribed to. */
export function subscriptionFields(outputs: OutputTypes): Record<string, Field> {
  const field = <Args>(
    [place, schema]: readonly [string, z.ZodMiniType],
    description: string,
    args: NonNullable<Field['args']>,
    // GraphQL has checked the arguments against their types.
    open: (context: RequestContext, args: Args) => Feed<unknown>,
  ): Field => {
    const { type, write = (item: unknown) => item } = outputs.of(schema, place)
    return {
      type,
      description,
      args,
      subscribe: (_source, given, context) => open(context, given as Args).open(),
      resolve: write,
    }
  }
  return {
    messageReceived: field(
      ['MessageReceived', ChatMessage],
      'New messages of a room, in their order; first those after `sinceSeq`, or after `sinceRev`.',
      { roomId: id, sinceRev: { type: GraphQLInt }, sinceSeq: { type: GraphQLInt } },
      (context, args: ConstructorParameters<typeof NewMessages>[1]) => new NewMessages(context, args),
    ),
    roomChanged: field(
      ['RoomChanged', ChatMessage],
      'New, changed and system messages of a room in the order of `rev`; first those after `sinceRev`.',
      { roomId: id, sinceRev: { type: GraphQLInt } },
      (context, args: ConstructorParameters<typeof RoomChanges>[1]) => new RoomChanges(context, args),
    ),
    notificationReceived: field(
      ['NotificationReceived', NumberedNotification],
      'New notifications; first those after `sinceVersion` that are still unread.',
      { sinceVersion: { type: GraphQLInt } },
      (context, args: ConstructorParameters<typeof NewNotifications>[1]) => new NewNotifications(context, args),
    ),
    presenceChanged: field(
      ['PresenceChanged', PresenceMap],
      'The presence of these people, then each change of it.',
      { ids: { type: new GraphQLList(new GraphQLNonNull(GraphQLID)) } },
      (context, args: ConstructorParameters<typeof PresenceChanges>[1]) => new PresenceChanges(context, args),
    ),
  }
}

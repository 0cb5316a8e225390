import { createClient as createStreamClient } from 'graphql-sse'
import { createClient as createSocketClient } from 'graphql-ws'
import WebSocket from 'ws'
import { onTeardown } from '../teardown'
import type { GraphqlAnswer, GraphqlUser } from './graphqlUser'

export const transports = ['graphql-ws', 'sse'] as const
export type Transport = (typeof transports)[number]

/** What a subscription gives, and how it ended. */
export interface Subscribed<Item> {
  readonly items: Item[]
  readonly errors: GraphqlAnswer['errors']
  /** Undefined while it goes on; of a WebSocket that was closed the code. */
  readonly ended: 'complete' | 'closed' | number | undefined
  stop(): void
}

/** Subscribes with the protocol's own client, which tries nothing again. @param query - with one field. */
export function subscribe<Item>(
  transport: Transport,
  url: string,
  { headers }: GraphqlUser,
  query: string,
  variables: Record<string, unknown> = {},
): Subscribed<Item> {
  const state: { items: Item[]; errors: GraphqlAnswer['errors']; ended: Subscribed<Item>['ended'] } = {
    ...{ items: [], errors: undefined, ended: undefined },
  }
  const sink = {
    next({ data, errors }: { data?: unknown; errors?: unknown }) {
      if (errors)
        state.errors = errors as GraphqlAnswer['errors'] // by GraphQL's specification
      else state.items.push(Object.values(data as Record<string, Item>)[0] as Item) // the query has one field
    },
    error(error: unknown) {
      if (Array.isArray(error)) state.errors = error
      state.ended ??= isClose(error) ? error.code : 'closed'
    },
    complete() {
      state.ended ??= 'complete'
    },
  }
  const client = createClient(transport, url, headers)
  const unsubscribe = client.subscribe({ query, variables }, sink)
  const stop = () => {
    unsubscribe()
    void client.dispose()
  }
  onTeardown(stop)
  return Object.assign(state, { stop })
}

function createClient(transport: Transport, url: string, headers: GraphqlUser['headers']) {
  return transport === 'sse'
    ? createStreamClient({ url: `${url}/graphql`, headers, retryAttempts: 0 })
    : createSocketClient({
        url: `${url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: headers,
        retryAttempts: 0,
        onNonLazyError: () => {},
      })
}

const isClose = (error: unknown): error is { code: number } =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'number'

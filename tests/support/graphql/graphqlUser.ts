import { noteMessageText } from '../servers/secrets'
import type { HttpAnswer, TestUser } from '../servers/testUser'

export interface GraphqlAnswer {
  data?: Record<string, unknown> | null
  errors?: { message: string; path?: unknown[]; extensions: Record<string, unknown> }[]
}

/** Somebody with a token for GraphQL. */
export interface GraphqlUser {
  headers: { authorization: string }
  answer(query: string, variables?: Record<string, unknown>): Promise<GraphqlAnswer>
  /** Of an operation that must succeed. */
  data(query: string, variables?: Record<string, unknown>): Promise<Record<string, unknown>>
}

export async function asGraphqlUser(user: TestUser, url: string): Promise<GraphqlUser> {
  const headers = { authorization: `Bearer ${await user.token('/graphql')}` }
  const answer = async (query: string, variables?: Record<string, unknown>): Promise<GraphqlAnswer> => {
    noteMessageText(variables)
    return (await post(url, { query, variables }, headers)).body as GraphqlAnswer // by GraphQL's specification
  }
  return {
    headers,
    answer,
    async data(query, variables) {
      const { data, errors } = await answer(query, variables)
      if (!data || errors) throw new Error(`GraphQL failed: ${JSON.stringify(errors)}`)
      return data
    },
  }
}

export async function post(url: string, body: unknown, headers: Record<string, string>): Promise<HttpAnswer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  return { status: response.status, headers: response.headers, body: await response.json() }
}

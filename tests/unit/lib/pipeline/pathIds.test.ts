import Fastify from 'fastify'
import { expect, test } from 'vitest'
import { allCommands } from '@/contracts/all'
import { splitAddress } from '@/contracts/httpRequest'
import { serviceScopes } from '@/contracts/permissions'
import { ServiceKeys } from '@/lib/auth/serviceKey'
import { createRoute, type RouteApp } from '@/lib/pipeline/createRoute'
import { Timeout } from '@/lib/pipeline/timeout'
import { registerServiceRoute } from '@/server/routes/serviceRoute'
import { silentLogger } from '@/services/shared/Logger'
import { sampleOf } from '../../../support/fuzz/sample'
import { partOf } from '../../support/partOf'
import { grace } from '../../support/sessionUsers'

const withPlaces = allCommands.flatMap((command) => {
  if (typeof command.http !== 'string' || !command.http.includes('/:')) return []
  return [[command.http, command] as const]
})
type Session = NonNullable<Awaited<ReturnType<RouteApp['requestSessions']['read']>>>
/** All that a route reads of it. */
const session = { sessionUser: grace } as Session
const inPath = 'of-the-path'
const inBody = 'of-the-body'
const pipeline = { logger: silentLogger, rateLimit: async () => undefined, timeout: new Timeout(1_000) }

/** What a JSON schema does not say how to make. */
const needed: Readonly<Record<string, unknown>> = { userIds: [inBody], emoji: '👍' }

/** Whatever the path could be said to name, said otherwise in the query and in the body. */
function otherwise(command: (typeof allCommands)[number]): { body: string; query: string } {
  const shape = command.httpForm?.shape ?? command.input
  const fields = sampleOf(shape, inBody) as Record<string, unknown> // an input is an object
  // Without what the sample has not right, which is never what is asked here, but with what a command cannot do without.
  for (const { path } of shape.safeParse(fields).error?.issues ?? []) fields[String(path[0])] = needed[String(path[0])]
  const names = [...command.http.toString().matchAll(/:(\w+)/g)].map(([, name = '']) => name)
  const all = { ...fields, ...Object.fromEntries(names.map((name) => [name, inBody])) }
  // `seqs`: what the one of them that is read in a query cannot do without.
  const query = new URLSearchParams([...names.map((name) => [name, inBody]), ['seqs', '1']]).toString()
  // Twice in one body: the last one counts, and neither may.
  const doubled = names.map((name) => `"${name}":"${inBody}",`).join('')
  return { body: `{${doubled}${JSON.stringify(all).slice(1)}`, query }
}

test.each(withPlaces)('the id in the path of %s is the one that counts', async (address, command) => {
  const { method, path } = splitAddress(address)
  const { body, query } = otherwise(command)
  const hasBody = method !== 'GET'
  const url = `${path.replaceAll(/:\w+/g, inPath)}?${query}`
  const inputs: unknown[] = []
  const handler = async (_context: unknown, input: unknown) => void inputs.push(input)

  if (path.startsWith('/api/')) {
    const route = createRoute(
      async () => ({
        pipeline,
        requestSessions: partOf<RouteApp['requestSessions']>({ read: async () => session }),
        allowedOrigins: [],
        serviceKeys: new ServiceKeys({ serviceKey: '', serviceKeys: [] }),
        isSecure: false,
        trustedProxyHops: 0,
        handlers: { [command.name]: handler },
      }),
      command,
    )
    const names = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name)
    const headers = { 'content-type': 'application/json', cookie: 'auth_session=x' }
    const request = new Request(`http://localhost${url}`, { method, headers, ...(hasBody && { body }) })
    await route(request, { params: Promise.resolve(Object.fromEntries(names.map((name) => [name, inPath]))) })
  } else {
    const server = Fastify()
    registerServiceRoute(
      server,
      {
        pipeline,
        allowedOrigins: [],
        authenticate: async () => ({ isService: true, name: 'service', scopes: serviceScopes }),
      },
      command,
      handler,
    )
    const headers = hasBody ? { 'content-type': 'application/json' } : {}
    await server.inject({ method: method as 'GET', url, headers, ...(hasBody && { payload: body }) })
    await server.close()
  }

  expect(inputs).toHaveLength(1)
  const names = JSON.stringify(inputs)
  expect(names).toContain(inPath)
  for (const [, name = ''] of path.matchAll(/:(\w+)/g)) {
    const input = inputs[0] as Record<string, unknown> // an object, since its path names fields of it
    expect(input[name] ?? inPath).toBe(inPath)
  }
})

import { describe, expect, it } from 'vitest'
import { allCommands, plainAddresses } from '@/contracts/all'
import type { Command } from '@/contracts/command'
import { splitAddress, toHttpRequest } from '@/contracts/httpRequest'
import { notificationCommands } from '@/contracts/notifications'
import { isForServices } from '@/contracts/permissions'
import { parseInput, readForm } from '@/lib/pipeline/validation'

type RouteModule = Record<string, { command?: Command } | unknown>

/** The app's route files: `/src/app/api/notifications/[id]/route.ts`. */
const modules = import.meta.glob<RouteModule>('/src/app/api/**/route.ts')
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

const addressOf = (file: string): string =>
  file
    .replace('/src/app', '')
    .replace('/route.ts', '')
    .replaceAll(/\[(\w+)\]/g, ':$1')

/** Every address that a route file answers, with what it answers. */
const served = new Map<string, unknown>()
for (const [file, load] of Object.entries(modules)) {
  for (const [method, handler] of Object.entries(await load())) {
    if (methods.includes(method)) served.set(`${method} ${addressOf(file)}`, handler)
  }
}
const declared = allCommands.filter(({ http }) => typeof http === 'string' && http.includes(' /api/'))

describe('the addresses of port 3000', () => {
  it.each(declared.map((command) => [command.http, command] as const))('%s has its file', (address, command) => {
    expect(served.get(String(address))).toHaveProperty('command', command)
  })

  it('no file answers what is not declared', () => {
    const known = [...declared.map(({ http }) => String(http)), ...plainAddresses]
    expect([...served.keys()].filter((address) => !known.includes(address))).toEqual([])
  })

  it('no address is declared twice', () => {
    const addresses = allCommands.flatMap(({ http }) => (typeof http === 'string' ? [http] : []))
    expect(addresses).toEqual([...new Set(addresses)])
  })
})

describe('a command over HTTP', () => {
  it('what its path names is filled in, and the rest of a POST is its body', () => {
    const request = toHttpRequest(notificationCommands.markAsRead, { notificationId: 'a/b', read: false })
    expect(request).toEqual({
      method: 'PATCH',
      path: '/api/notifications/a%2Fb',
      query: {},
      body: { status: 'unread' },
    })
  })

  it('the rest of a GET is its query', () => {
    const request = toHttpRequest(notificationCommands['presence:sync'], { ids: ['ada', 'grace'] })
    expect(request).toEqual({ method: 'GET', path: '/api/presence', query: { ids: 'ada,grace' }, body: undefined })
  })

  it.each([
    [notificationCommands.markAsRead, { notificationId: 'n', read: true }],
    [notificationCommands.markAsRead, { notificationId: 'n', read: false }],
    [notificationCommands.deleteNotification, { notificationId: 'n' }],
    [notificationCommands['presence:sync'], { ids: ['ada', 'grace'] }],
    [notificationCommands.subscribe, 'team/ops:night'],
    [notificationCommands.unsubscribe, 'team/ops:night'],
  ] as [Command, unknown][])('$name comes out as it went in', (command, input) => {
    const { path, query, body } = toHttpRequest(command, input)
    const { path: template } = splitAddress(command.http as `GET /${string}`) // these have one
    const names = [...template.matchAll(/:(\w+)/g)].map(([, name = '']) => name)
    const values = new RegExp(`^${template.replaceAll(/:\w+/g, '([^/]+)')}$`).exec(path)?.slice(1) ?? []
    const fields = {
      ...query,
      ...body,
      ...Object.fromEntries(names.map((name, i) => [name, decodeURIComponent(values[i] ?? '')])),
    }
    expect(parseInput(command.input, readForm(command, fields))).toEqual(input)
  })
})

describe('the rules of a command', () => {
  it('every one that a person uses is limited, unless its handler counts', () => {
    const unlimited = allCommands.filter(({ limit, permission }) => limit === null && !isForServices(permission))
    // And whoever wants to leave is let go.
    expect(unlimited.map(({ name }) => name)).toEqual(['login', 'secondFactor', 'logout'])
  })

  it('HTTP has all of them but those that are of a socket’s nature, which say why', () => {
    const socketOnly = allCommands.flatMap(({ http, name, namespace }) =>
      typeof http === 'string' ? [] : [[`${namespace} ${name}`, http.socketOnly]],
    )
    const why = Object.fromEntries(socketOnly)
    for (const reason of Object.values(why)) expect(reason).toMatch(/\w{3}.*\.$/)
    expect(Object.keys(why)).toEqual([
      '/chat typing', // it is over in seconds
      '/chat ping', // it says that a connection is alive, and is answered with what that connection may have missed
      '/notifications ping',
      // They say how a connection works.
      '/admin diagnostics:probe',
      '/admin diagnostics:echo',
      '/admin diagnostics:canary',
    ])
  })
})

import { beforeEach, expect, test, vi } from 'vitest'
import { BUILD_HEADER, COPY_DATABASE } from '@/contracts/shell'
import { keepCurrent, keepShell, keptFile, page } from '@/worker/shell'

const origin = 'http://tandem.test'

/** As much of a browser's cache as is used, by address. */
class MemoryCache {
  private readonly answers = new Map<string, Response>()
  private readonly pathOf = (request: string | { url: string }) =>
    new URL(typeof request === 'string' ? request : request.url, origin).pathname
  put = async (request: string, answer: Response) => void this.answers.set(this.pathOf(request), answer)
  match = async (request: string | { url: string }) => this.answers.get(this.pathOf(request))?.clone()
  keys = async () => [...this.answers.keys()].map((path) => ({ url: origin + path }))
  delete = async (request: { url: string }) => this.answers.delete(this.pathOf(request))
}

/** What the server has, by path; anything else is not found. */
let server: Record<string, () => Response | Promise<Response>>
let asked: string[]
let cache: MemoryCache
/** What this browser has kept of conversations. */
let databases: { name: string }[]

beforeEach(() => {
  asked = []
  cache = new MemoryCache()
  databases = [{ name: COPY_DATABASE }]
  vi.stubGlobal('indexedDB', { databases: async () => databases })
  vi.stubGlobal('caches', { open: async () => cache, match: (request: string) => cache.match(request) })
  vi.stubGlobal('fetch', async (request: string | { url: string }) => {
    const { pathname } = new URL(typeof request === 'string' ? request : request.url, origin)
    asked.push(pathname)
    return server[pathname]?.() ?? new Response('', { status: 404 })
  })
  server = version('one')
})

const text = (body: string) => () => new Response(body, { headers: { 'content-type': 'text/html' } })
const script = (body: string) => () => new Response(body, { headers: { 'content-type': 'application/javascript' } })
const shellOf = (build: string, body: string) => () => new Response(body, { headers: { [BUILD_HEADER]: build } })

const version = (name: string): typeof server => ({
  '/shell': shellOf(name, `shell ${name} <script src="/_next/static/chunks/${name}.js"></script>`),
  [`/_next/static/chunks/${name}.js`]: script(`Promise.all(["static/chunks/${name}-menu.js"])`),
  [`/_next/static/chunks/${name}-menu.js`]: script(`menu, "static/chunks/${name}.js"`),
  '/chat': text('chat, by the server'),
  '/login': text('login, by the server'),
})

const noNetwork = (): Promise<Response> => Promise.reject(new TypeError('Failed to fetch'))
const at = (path: string) => new Request(origin + path)
const shown = async (path: string) => (await page(at(path))).text()
const kept = async () => (await cache.keys()).map(({ url }) => url.slice(origin.length)).sort()

test('keeps the shell with whatever its scripts may load later, each asked for once', async () => {
  await keepShell('one')
  expect(await kept()).toEqual(['/_next/static/chunks/one-menu.js', '/_next/static/chunks/one.js', '/shell'])
  expect(asked).toEqual(['/shell', '/_next/static/chunks/one.js', '/_next/static/chunks/one-menu.js'])
})

test('a new version takes the place of the one before, and what both have is not fetched again', async () => {
  await keepShell('one')
  server = { ...version('two'), '/_next/static/chunks/two-menu.js': script('"static/chunks/one.js"') }
  asked = []
  await keepShell('two')
  expect(asked).not.toContain('/_next/static/chunks/one.js')
  expect(await (await keptFile(at('/_next/static/chunks/two.js'))).text()).toContain('two-menu')
  expect(await kept()).toContain('/_next/static/chunks/one-menu.js')

  server = version('three')
  await keepShell('three')
  expect(await kept()).toEqual(['/_next/static/chunks/three-menu.js', '/_next/static/chunks/three.js', '/shell'])
})

test('a version of which a file is missing, as while servers are being replaced, is not kept', async () => {
  await keepShell('one')
  server = version('two')
  delete server['/_next/static/chunks/two-menu.js']
  await expect(keepShell('two')).rejects.toThrow('two-menu.js was answered with 404')
  server = { '/chat': noNetwork }
  expect(await shown('/chat')).toContain('shell one')
})

test('shows what the server has; without a network the shell', async () => {
  await keepShell('one')
  expect(await shown('/chat')).toBe('chat, by the server')
  server['/chat'] = noNetwork
  server['/login'] = noNetwork
  expect(await shown('/chat')).toContain('shell one')
  expect(await shown('/login')).toContain('shell one')
})

test('shows the shell of a chat whose server is gone behind its proxy; an error of the server itself is its answer', async () => {
  await keepShell('one')
  // 521: of a network in front of many servers that reaches none.
  for (const status of [502, 503, 504, 521]) {
    server['/chat'] = () => new Response('Bad gateway', { status })
    expect(await shown('/chat')).toContain('shell one')
  }
  server['/chat'] = () => new Response('an error', { status: 500 })
  expect(await shown('/chat')).toBe('an error')
  server['/login'] = () => new Response('Bad gateway', { status: 502 })
  expect(await shown('/login')).toBe('Bad gateway')
})

test('does not wait for long where the chat can be shown, and waits for any other page', async () => {
  vi.useFakeTimers()
  try {
    await keepShell('one')
    const late: ((answer: Response) => void)[] = []
    server['/chat'] = () => new Promise((resolve) => late.push(resolve))
    server['/login'] = server['/chat']
    const chat = shown('/chat')
    const login = shown('/login')
    await vi.advanceTimersByTimeAsync(4_000)
    expect(await chat).toContain('shell one')
    for (const answer of late) answer(new Response('late'))
    expect(await login).toBe('late')
  } finally {
    vi.useRealTimers()
  }
})

test('where nothing is kept the answer is the server’s, however late, or the failure', async () => {
  vi.useFakeTimers()
  try {
    let answer = (_: Response) => {}
    server['/chat'] = () => new Promise((resolve) => (answer = resolve))
    const chat = shown('/chat')
    await vi.advanceTimersByTimeAsync(4_000)
    answer(new Response('late'))
    expect(await chat).toBe('late')
    server['/chat'] = noNetwork
    await expect(shown('/chat')).rejects.toThrow('Failed to fetch')
  } finally {
    vi.useRealTimers()
  }
})

test('nothing that is not of this build is kept, whoever answers in its place', async () => {
  await keepShell('one')
  server = { ...version('two'), '/shell': text('Sign in to the company network') }
  await expect(keepShell('two')).rejects.toThrow('/shell is not of this build')
  // An instance that is not replaced yet.
  server = version('one')
  await expect(keepShell('two')).rejects.toThrow('/shell is not of this build')
  server = { ...version('two'), '/_next/static/chunks/two.js': text('Back in a minute') }
  await expect(keepShell('two')).rejects.toThrow('two.js was answered with text/html')
  expect(await kept()).toEqual(['/_next/static/chunks/one-menu.js', '/_next/static/chunks/one.js', '/shell'])
})

test('once pages may connect elsewhere, the shell is kept anew; its files are not fetched again', async () => {
  const headers = (socket: string) => ({
    [BUILD_HEADER]: 'one',
    'content-security-policy': `script-src 'nonce-${asked.length}'; connect-src 'self' ${socket}; img-src *`,
  })
  const shellFor = (socket: string) => () =>
    new Response(`shell for ${socket} <script src="/_next/static/chunks/one.js">`, { headers: headers(socket) })
  server['/shell'] = shellFor('wss://old.test')
  await keepShell('one')
  asked = []
  await keepCurrent(new Response('a page', { headers: headers('wss://old.test') }), 'one')
  await keepCurrent(new Response('a proxy’s page'), 'one')
  expect(asked).toEqual([])

  server['/shell'] = shellFor('wss://new.test')
  await keepCurrent(new Response('a page', { headers: headers('wss://new.test') }), 'one')
  expect(asked).toEqual(['/shell'])
  server['/chat'] = noNetwork
  expect(await shown('/chat')).toContain('shell for wss://new.test')
})

test('where nobody’s conversations are kept the chat is waited for, as there is nothing to show', async () => {
  vi.useFakeTimers()
  try {
    await keepShell('one')
    databases = []
    let answer = (_: Response) => {}
    server['/chat'] = () => new Promise((resolve) => (answer = resolve))
    const chat = shown('/chat')
    await vi.advanceTimersByTimeAsync(4_000)
    answer(new Response('the sign-in page'))
    expect(await chat).toBe('the sign-in page')
  } finally {
    vi.useRealTimers()
  }
})

test('a storage that fails takes nothing from an online page', async () => {
  cache.match = () => Promise.reject(new Error('damaged'))
  expect(await (await keptFile(at('/_next/static/chunks/one.js'))).text()).toContain('one-menu')
  server['/chat'] = noNetwork
  await expect(shown('/chat')).rejects.toThrow('Failed to fetch')
})

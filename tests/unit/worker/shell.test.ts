import { beforeEach, expect, test, vi } from 'vitest'
import { keepShell, keptFile, page } from '@/worker/shell'

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

beforeEach(() => {
  asked = []
  cache = new MemoryCache()
  vi.stubGlobal('caches', { open: async () => cache, match: (request: string) => cache.match(request) })
  vi.stubGlobal('fetch', async (request: string | { url: string }) => {
    const { pathname } = new URL(typeof request === 'string' ? request : request.url, origin)
    asked.push(pathname)
    return server[pathname]?.() ?? new Response('', { status: 404 })
  })
  server = version('one')
})

const text = (body: string) => () => new Response(body)

const version = (name: string): typeof server => ({
  '/shell': text(`shell ${name} <script src="/_next/static/chunks/${name}.js"></script>`),
  [`/_next/static/chunks/${name}.js`]: text(`Promise.all(["static/chunks/${name}-menu.js"])`),
  [`/_next/static/chunks/${name}-menu.js`]: text(`menu, "static/chunks/${name}.js"`),
  '/chat': text('chat, by the server'),
  '/login': text('login, by the server'),
})

const noNetwork = (): Promise<Response> => Promise.reject(new TypeError('Failed to fetch'))
const at = (path: string) => new Request(origin + path)
const shown = async (path: string) => (await page(at(path))).text()
const kept = async () => (await cache.keys()).map(({ url }) => url.slice(origin.length)).sort()

test('keeps the shell with whatever its scripts may load later, each asked for once', async () => {
  await keepShell()
  expect(await kept()).toEqual(['/_next/static/chunks/one-menu.js', '/_next/static/chunks/one.js', '/shell'])
  expect(asked).toEqual(['/shell', '/_next/static/chunks/one.js', '/_next/static/chunks/one-menu.js'])
})

test('a new version takes the place of the one before, and what both have is not fetched again', async () => {
  await keepShell()
  server = { ...version('two'), '/_next/static/chunks/two-menu.js': text('"static/chunks/one.js"') }
  asked = []
  await keepShell()
  expect(asked).not.toContain('/_next/static/chunks/one.js')
  expect(await (await keptFile(at('/_next/static/chunks/two.js'))).text()).toContain('two-menu')
  expect(await kept()).toContain('/_next/static/chunks/one-menu.js')

  server = version('three')
  await keepShell()
  expect(await kept()).toEqual(['/_next/static/chunks/three-menu.js', '/_next/static/chunks/three.js', '/shell'])
})

test('a version of which a file is missing, as while servers are being replaced, is not kept', async () => {
  await keepShell()
  server = { ...version('two'), '/_next/static/chunks/two-menu.js': text('') }
  delete server['/_next/static/chunks/two-menu.js']
  await expect(keepShell()).rejects.toThrow('two-menu.js was answered with 404')
  server = { '/chat': noNetwork }
  expect(await shown('/chat')).toContain('shell one')
})

test('shows what the server has; without a network the shell', async () => {
  await keepShell()
  expect(await shown('/chat')).toBe('chat, by the server')
  server['/chat'] = noNetwork
  server['/login'] = noNetwork
  expect(await shown('/chat')).toContain('shell one')
  expect(await shown('/login')).toContain('shell one')
})

test('shows the shell of a chat whose server is gone behind its proxy; an error of the server itself is its answer', async () => {
  await keepShell()
  server['/chat'] = () => new Response('Bad gateway', { status: 502 })
  expect(await shown('/chat')).toContain('shell one')
  server['/chat'] = () => new Response('an error', { status: 500 })
  expect(await shown('/chat')).toBe('an error')
  server['/login'] = () => new Response('Bad gateway', { status: 502 })
  expect(await shown('/login')).toBe('Bad gateway')
})

test('does not wait for long where the chat can be shown, and waits for any other page', async () => {
  vi.useFakeTimers()
  try {
    await keepShell()
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

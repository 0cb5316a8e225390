import { beforeEach, expect, test, vi } from 'vitest'
import { open, renew, show } from '@/worker/push'

const origin = 'http://tandem.test'

/** A page of the app that is open. */
const page = (path: string, answers: boolean) => {
  const asked: unknown[] = []
  const focus = vi.fn(async () => undefined)
  const postMessage = (message: unknown, [port]: MessagePort[]) => {
    asked.push(message)
    if (answers) port?.postMessage('opened')
  }
  return { url: origin + path, focused: false, asked, focus, postMessage }
}

let pages: ReturnType<typeof page>[]
let opened: string[]
let shown: [title: string, options: unknown][]
let onScreen: { tag: string; data: unknown }[]

beforeEach(() => {
  ;[pages, opened, shown, onScreen] = [[], [], [], []]
  vi.stubGlobal('self', {
    location: new URL(`${origin}/worker.js`),
    registration: {
      getNotifications: async ({ tag }: { tag: string }) => onScreen.filter((one) => one.tag === tag),
      showNotification: async (title: string, options: unknown) => void shown.push([title, options]),
      pushManager: { subscribe: async () => next },
    },
    clients: { matchAll: async () => pages, openWindow: async (path: string) => void opened.push(path) },
  })
})

const close = vi.fn()
const clicked = (url: string) => open({ close, data: { url } } as unknown as Notification) // what is read of it
const data = (said: unknown) => ({ json: () => said }) as PushMessageData // likewise

test('what is pushed is shown in place of what has the same tag, and rings; what another server says, too', async () => {
  await show(data({ title: 'Grace', body: 'Hello', url: '/chat/r', tag: 'room:r' }))
  const common = { renotify: true, icon: '/icon.svg' }
  expect(shown).toEqual([['Grace', { ...common, body: 'Hello', tag: 'room:r', data: { url: '/chat/r' } }]])
  await show(data({}))
  expect(shown[1]).toEqual(['Tandem', { ...common, body: '', tag: 'tandem', data: { url: '/notifications' } }])
})

test('what a page that is open has shown already is replaced without ringing again', async () => {
  onScreen = [
    { tag: 'room:r', data: { url: '/chat/r', byPage: true } },
    { tag: 'room:q', data: { url: '/chat/q' } },
  ]
  for (const tag of ['room:r', 'room:q']) await show(data({ tag }))
  expect(shown.map(([, options]) => options)).toMatchObject([{ renotify: false }, { renotify: true }])
})

test('a click opens its page in one that is open, which stays as it is; in a new one where none answers', async () => {
  const [other, here] = [page('/account', true), page('/chat/r', true)]
  pages = [other]
  await clicked('/chat/r?at=3')
  expect([other.asked, opened]).toEqual([[{ open: '/chat/r?at=3' }], []])
  expect(other.focus).toHaveBeenCalled()
  pages = [here]
  await clicked('/chat/r')
  expect([here.asked, opened]).toEqual([[], []])
  pages = []
  await clicked('/chat/r')
  expect(opened).toEqual(['/chat/r'])
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  pages = [page('/login', false)]
  const opening = clicked('/chat/r')
  await vi.advanceTimersByTimeAsync(1_000)
  await opening
  vi.useRealTimers()
  expect(opened).toEqual(['/chat/r', '/chat/r'])
  await clicked('https://elsewhere.example.com/')
  expect(opened).toHaveLength(2)
})

const unsubscribe = vi.fn()
const next = {
  toJSON: () => ({ endpoint: 'https://push.example.com/2' }),
  unsubscribe,
  options: {},
} as unknown as PushSubscription // what is used of it

test('a browser with another address says so; where nobody is signed in it gives that up', async () => {
  const sent: unknown[] = []
  let status = 201
  vi.stubGlobal('fetch', async (path: string, { body }: { body: string }) => {
    sent.push([path, JSON.parse(body)])
    return new Response('{}', { status })
  })
  await renew(next, null)
  await renew(null, next)
  const told = ['/api/push/subscriptions', { endpoint: 'https://push.example.com/2' }]
  expect([sent, unsubscribe.mock.calls]).toEqual([[told, told], []])
  await renew(null, null)
  expect(sent).toHaveLength(2)
  status = 401
  await renew(next, null)
  expect(unsubscribe).toHaveBeenCalled()
})

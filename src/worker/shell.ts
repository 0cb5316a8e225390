import { isChatPath, SHELL_PATH } from '@/contracts/shell'

/** The shell, and the files that it or one of them names. Nothing in here is of any person. */
const CACHE = 'tandem-shell'

/** A line on which nothing has come for this long is worth no more waiting, where there is something to show. */
const PATIENCE_MS = 4_000

/** Scripts and styles are named by what they hold: what was kept under a name is right for ever. Fonts the browser keeps. */
const filesNamedIn = (text: string): string[] =>
  [...text.matchAll(/static\/chunks\/[\w.~-]+\.(?:js|css)/g)].map(([name]) => `/_next/${name}`)

/**
 * Keeps the shell of the version that the server has now, with all that its pages may load later, in place of the one that
 * was kept. Rejects, and leaves that one as it is, when anything of it is missing.
 */
export async function keepShell(): Promise<void> {
  const cache = await caches.open(CACHE)
  // Without a cookie: the answer is the same for everybody.
  const shell = await fetched(SHELL_PATH, { credentials: 'omit', cache: 'no-store' })
  const kept = new Set<string>([SHELL_PATH])
  let wanted = filesNamedIn(await shell.clone().text())
  while (wanted.length > 0) {
    const next = [...new Set(wanted)].filter((path) => !kept.has(path))
    for (const path of next) kept.add(path)
    wanted = (await Promise.all(next.map((path) => keepFile(cache, path)))).flat()
  }
  await cache.put(SHELL_PATH, shell)
  for (const request of await cache.keys()) {
    if (!kept.has(new URL(request.url).pathname)) await cache.delete(request)
  }
}

/** Answers which files it names. */
async function keepFile(cache: Cache, path: string): Promise<string[]> {
  const known = await cache.match(path)
  const file = known ?? (await fetched(path))
  if (known === undefined) await cache.put(path, file.clone())
  return filesNamedIn(await file.text())
}

async function fetched(path: string, init?: RequestInit): Promise<Response> {
  const response = await fetch(path, init)
  if (!response.ok || response.redirected) throw new Error(`${path} was answered with ${response.status}.`)
  return response
}

/** As it is kept; any other as the server has it. */
export const keptFile = async (request: Request): Promise<Response> =>
  (await caches.match(request, { cacheName: CACHE })) ?? fetch(request)

/** The page as the server has it now; where there is no server, the shell. */
export async function page(request: Request): Promise<Response> {
  const isChat = isChatPath(new URL(request.url).pathname)
  const shell = () => caches.match(SHELL_PATH, { cacheName: CACHE })
  const fromServer = fetch(request)
  try {
    const answer = await (isChat ? soon(fromServer) : fromServer)
    if (answer !== undefined && !(isChat && isNobodyBehind(answer))) return answer
  } catch (error) {
    const kept = await shell()
    if (kept !== undefined) return kept
    throw error
  }
  return (await shell()) ?? fromServer
}

/** Undefined: it takes too long. */
function soon(answer: Promise<Response>): Promise<Response | undefined> {
  return new Promise((resolve, reject) => {
    answer.then(resolve, reject)
    setTimeout(() => resolve(undefined), PATIENCE_MS)
  })
}

/** A proxy says so in place of a server that is gone. */
const isNobodyBehind = ({ status }: Response): boolean => status >= 502 && status <= 504

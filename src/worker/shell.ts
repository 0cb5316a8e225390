import { BUILD_HEADER, COPY_DATABASE, isChatPath, SHELL_PATH } from '@/contracts/shell'

/** The shell, and the files that it or one of them names. Nothing in here is of any person. */
const CACHE = 'tandem-shell'

/** A line on which nothing has come for this long is worth no more waiting, where there is something to show. */
const PATIENCE_MS = 4_000

/** Scripts and styles are named by what they hold: what was kept under a name is right for ever. Fonts the browser keeps. */
const filesNamedIn = (text: string): string[] =>
  [...text.matchAll(/static\/chunks\/[\w.~-]+\.(?:js|css)/g)].map(([name]) => `/_next/${name}`)

/**
 * Keeps the shell of this build, with all that its pages may load later, in place of the one that was kept. Rejects, and
 * leaves that one as it is, when anything of it is missing, of another build, or not ours at all: a proxy's page, for one.
 */
export async function keepShell(build: string): Promise<void> {
  const cache = await caches.open(CACHE)
  // The answer is the same for everybody, with or without a cookie; a proxy may want to see one.
  const shell = await fetched(SHELL_PATH, { cache: 'no-store' })
  if (shell.headers.get(BUILD_HEADER) !== build) throw new Error(`${SHELL_PATH} is not of this build.`)
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
  const file = known ?? (await fetchedFile(path))
  if (known === undefined) await cache.put(path, file.clone())
  return filesNamedIn(await file.text())
}

async function fetchedFile(path: string): Promise<Response> {
  const file = await fetched(path)
  const type = file.headers.get('content-type') ?? ''
  if (!/\/(javascript|css)\b/.test(type)) throw new Error(`${path} was answered with ${type}.`)
  return file
}

async function fetched(path: string, init?: RequestInit): Promise<Response> {
  const response = await fetch(path, init)
  if (!response.ok || response.redirected) throw new Error(`${path} was answered with ${response.status}.`)
  return response
}

/** A storage that fails has nothing. */
const keptAnswer = (request: Request | string): Promise<Response | undefined> =>
  caches.match(request, { cacheName: CACHE, ignoreVary: true }).catch(() => undefined)

/** As it is kept; any other as the server has it. */
export const keptFile = async (request: Request): Promise<Response> => (await keptAnswer(request)) ?? fetch(request)

/** The page as the server has it now; where there is no server, the shell. */
export async function page(request: Request): Promise<Response> {
  const isChat = isChatPath(new URL(request.url).pathname)
  const fromServer = fetch(request)
  try {
    const early = isChat ? await soon(fromServer) : undefined
    const isShown = isChat && early === undefined && (await isAnythingKept())
    const answer = isShown ? undefined : (early ?? (await fromServer))
    if (answer !== undefined && !(isChat && isNobodyBehind(answer))) return answer
  } catch (error) {
    const shell = await keptAnswer(SHELL_PATH)
    if (shell !== undefined) return shell
    throw error
  }
  return (await keptAnswer(SHELL_PATH)) ?? fromServer
}

/** Where a page may connect to is the server's configuration, which changes without a new build. */
const connectionsOf = (page: Response): string | undefined =>
  /connect-src [^;]*/.exec(page.headers.get('content-security-policy') ?? '')?.[0]

/** Has the shell kept anew once the server's pages, such as this one, may connect elsewhere than it. */
export async function keepCurrent(page: Response, build: string): Promise<void> {
  const shell = await keptAnswer(SHELL_PATH)
  const connections = connectionsOf(page)
  if (shell === undefined || connections === undefined || connections === connectionsOf(shell)) return
  await keepShell(build)
}

/** Undefined: it takes too long. */
function soon(answer: Promise<Response>): Promise<Response | undefined> {
  return new Promise((resolve, reject) => {
    answer.then(resolve, reject)
    setTimeout(() => resolve(undefined), PATIENCE_MS)
  })
}

/** Conversations of whomever, which the shell could show. A browser that does not tell may have some. */
const isAnythingKept = async (): Promise<boolean> => {
  try {
    return (await indexedDB.databases()).some(({ name }) => name === COPY_DATABASE)
  } catch {
    return true
  }
}

/** A proxy says so in place of a server that is gone; those from 520 on are Cloudflare's. */
const isNobodyBehind = ({ status }: Response): boolean => (status >= 502 && status <= 504) || status >= 520

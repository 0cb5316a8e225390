/** The page that a browser keeps for when the network is not there: the chat without anything of anybody. */
export const SHELL_PATH = '/shell'

/** The service worker that keeps and shows it. */
export const WORKER_PATH = '/worker.js'

/** Pages that it stands in for; in place of any other it says that there is no network. */
export const isChatPath = (path: string): boolean => path === '/chat' || path.startsWith('/chat/')

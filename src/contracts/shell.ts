/** The page that a browser keeps for when the network is not there: the chat without anything of anybody. */
export const SHELL_PATH = '/shell'

/** It is sent with this: the build that it is of, which the worker was made with. Nothing else is taken for it. */
export const BUILD_HEADER = 'x-tandem-build'

/** The service worker that keeps and shows it. */
export const WORKER_PATH = '/worker.js'

/** The database of the browser that holds one person's conversations for it. Nobody's copy is none: it is deleted. */
export const COPY_DATABASE = 'tandem-offline-copy'

/** Pages that it stands in for; in place of any other it says that there is no network. */
export const isChatPath = (path: string): boolean => path === '/chat' || path.startsWith('/chat/')

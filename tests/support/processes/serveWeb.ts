import { fileURLToPath } from 'node:url'
import { createViteServer } from 'vitest/node'
import { guard } from '../guardedProcess'

/** What the guarded web process says when it is ready. */
export interface WebReady {
  port: number
}

const projectRoot = fileURLToPath(new URL('../../..', import.meta.url))

// A script of its own: the HTTP API beside the socket server, in a process that the faults do not share.
await guard<WebReady>(async () => {
  // The server of the tests finds the route files with Vite's glob.
  const vite = await createViteServer({
    root: projectRoot,
    configFile: false,
    logLevel: 'error',
    appType: 'custom',
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true },
    resolve: { alias: { '@': `${projectRoot}src` } },
  })
  const { startWebServer } = (await vite.ssrLoadModule(
    '/tests/support/servers/webServer.ts',
    // What that module exports: Vite knows it by its address only.
  )) as typeof import('../servers/webServer')
  const web = await startWebServer([], Number(process.env.PORT))
  return {
    ready: { port: Number(new URL(web.url).port) },
    stop: async () => {
      await web.stop()
      await vite.close()
    },
  }
})

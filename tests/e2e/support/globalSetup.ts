import { startGuarded } from '../../support/guardedProcess'
import { ensureChromium } from './chromium'
import type { RunningApp } from './runningApp'

/** Finds a browser and starts the whole app; the workers read both from the environment. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  process.env.CHROMIUM_PATH = await ensureChromium()
  console.log('Starting the app (the first time includes a build; its output is in reports/e2e-app.log).')
  const app = await startGuarded<RunningApp>(new URL('./runningApp.ts', import.meta.url))
  process.env.E2E_PORT = String(app.ready.port)
  process.env.E2E_DATA_DIR = app.ready.dataDir
  process.env.E2E_SOCKET_PORT = String(app.ready.socketPort)
  return app.stop
}

import { ensureChromium } from '../e2e/support/chromium'
import { startGuarded } from '../support/guardedProcess'
import type { AdoptedApp } from './adoptedApp'

/** Finds a browser, makes an app, adopts Tandem into it and starts it; the workers read where it is from the environment. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  process.env.CHROMIUM_PATH = await ensureChromium()
  console.log('Making an app and following docs/adopt.md (the output is in reports/adoption-app.log).')
  const app = await startGuarded<AdoptedApp>(new URL('./adoptedApp.ts', import.meta.url))
  process.env.ADOPTION_PORT = String(app.ready.port)
  process.env.ADOPTION_DIR = app.ready.dir
  process.env.ADOPTION_CHANGED = JSON.stringify(app.ready.changed)
  return app.stop
}

import { runScript } from './support/runScript'
import { runTandem } from './support/runTandem'

/** `pnpm start`: everything, for production or a first look. */
await runScript(() => runTandem('start'))

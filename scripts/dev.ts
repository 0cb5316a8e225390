import { runScript } from './support/runScript'
import { runTandem } from './support/runTandem'

/** `pnpm dev`: everything, with both processes taking in what one edits. */
await runScript(() => runTandem('dev'))

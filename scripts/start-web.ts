import { webProcess } from './support/processSpecs'
import { runAlone } from './support/runAlone'
import { runScript } from './support/runScript'

/** `pnpm start:web`: the web process alone, on PORT. */
await runScript(() => runAlone({ port: ({ port }) => port, portVariable: 'PORT', spec: webProcess }))

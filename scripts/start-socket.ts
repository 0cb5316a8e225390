import { socketProcess } from './support/processSpecs'
import { runAlone } from './support/runAlone'
import { runScript } from './support/runScript'

/** `pnpm start:socket`: one socket process alone, on SOCKET_PORT. Several, on ports of their own, share the work. */
await runScript(() =>
  runAlone({ port: ({ socketPort }) => socketPort, portVariable: 'SOCKET_PORT', spec: socketProcess }),
)

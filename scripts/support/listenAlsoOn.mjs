// Loaded before Next, whose server has one address: when it listens on PORT, connections to the same port of the address
// in LISTEN_ALSO_ON are handed to it. Programs that it forks (`next dev`) load this too.
import { subscribe } from 'node:diagnostics_channel'
import { Server } from 'node:http'
import { createServer } from 'node:net'

subscribe('tracing:net.server.listen:asyncEnd', ({ server }) => {
  const { LISTEN_ALSO_ON: host, PORT } = process.env
  const port = server.address()?.port
  if (!host || !(server instanceof Server) || port !== Number(PORT)) return
  // As Node's own HTTP servers take connections.
  const other = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => server.emit('connection', socket))
  other.on('error', (error) => {
    console.error(`The web process cannot listen on ${host} at port ${port} (${error.message}).`)
    process.exit(1)
  })
  other.listen(port, host)
  server.once('close', () => other.close())
})

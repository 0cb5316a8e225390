import { heldBytes } from './memory'

// Loaded before the socket server (`--import`): only the process itself can collect its garbage.
process.on('message', (question) => {
  if (question === 'memory') process.send?.(heldBytes())
})

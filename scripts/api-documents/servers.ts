/** Which process answers an address. */
export const servers = {
  web: { url: 'http://localhost:3000', description: 'The Next.js process: for people, by the cookie of their session' },
  socket: { url: 'http://localhost:3001', description: 'The Socket.IO process: for services and administrators' },
}

/** Socket.IO room names, by prefix (CONTRACT): one place, so that metrics can count by prefix. */
export const socketRooms = {
  room: (roomId: string) => `room:${roomId}`,
  user: (userId: string) => `user:${userId}`,
  session: (sessionId: string) => `session:${sessionId}`,
} as const

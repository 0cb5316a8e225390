const name = 'tandem-account'

/** Tells other tabs of this browser who signed in (null: signed out), and hears the same from them. */
export const createAccountChannel = (heard: (userId: string | null) => void) => {
  if (typeof BroadcastChannel === 'undefined') return { post() {}, close() {} }
  const channel = new BroadcastChannel(name)
  channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (data === null || typeof data === 'string') heard(data)
  })
  return { post: (userId: string | null) => channel.postMessage(userId), close: () => channel.close() }
}

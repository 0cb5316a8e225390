/** Next calls this once before it serves its first request. */
export async function register(): Promise<void> {
  // biome-ignore lint/style/noProcessEnv: Next puts the runtime's name here when it builds for each
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { boundRequestTimes } = await import('@/lib/http/boundRequestTimes')
  const { notePeerAddresses } = await import('@/lib/http/peerAddress')
  const { sendPackedFiles } = await import('@/lib/http/packedFiles')
  boundRequestTimes()
  notePeerAddresses()
  sendPackedFiles()
}

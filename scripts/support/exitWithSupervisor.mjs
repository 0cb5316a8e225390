// Loaded before a program that knows nothing of its supervisor: when the supervisor is gone, even by kill -9, the
// program is asked to end, and ended if it does not. Programs that it forks load this too and follow it the same way,
// so the channel must stay as it is: without its reference a fork would end before its first message.
if (process.send) {
  process.once('disconnect', () => {
    process.kill(process.pid, 'SIGTERM')
    setTimeout(() => process.exit(1), 10_000).unref()
  })
}

import type { ServerResponse } from 'node:http'
import type { FormattedExecutionResult } from 'graphql'

/** So that proxies and clients know that it lives, in milliseconds. */
const KEEP_ALIVE_MS = 12_000

/**
 * Server-sent events by the protocol of graphql-sse, one stream for each operation: `next` for each result, then `complete`.
 * The next result is asked for when the one before is with the operating system.
 */
export class EventStream {
  private readonly keepAlive: ReturnType<typeof setInterval>

  /** @param onGone - whoever reads it has gone, or was told all. */
  constructor(
    private readonly response: ServerResponse,
    headers: Record<string, string>,
    onGone: () => void,
  ) {
    this.keepAlive = setInterval(() => {
      if (!response.writableNeedDrain) response.write(':\n\n')
    }, KEEP_ALIVE_MS).unref()
    const onClose = () => {
      clearInterval(this.keepAlive)
      onGone()
    }
    // Who left while it was opened is not heard to leave any more.
    if (response.destroyed) {
      onClose()
      return
    }
    response.once('close', onClose)
    response.writeHead(200, {
      ...headers,
      'content-type': 'text/event-stream; charset=utf-8',
      'x-accel-buffering': 'no',
    })
    response.write(':\n\n')
  }

  async next(result: FormattedExecutionResult): Promise<void> {
    const { response } = this
    if (response.destroyed || response.write(`event: next\ndata: ${JSON.stringify(result)}\n\n`)) return
    await new Promise<void>((resolve) => {
      const done = () => {
        response.off('drain', done).off('close', done)
        resolve()
      }
      response.on('drain', done).on('close', done)
    })
  }

  complete(): void {
    clearInterval(this.keepAlive)
    if (!this.response.destroyed) this.response.end('event: complete\ndata:\n\n')
  }
}

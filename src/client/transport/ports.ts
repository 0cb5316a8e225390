import type { z } from 'zod'

export interface HttpRequest<Schema extends z.ZodType> {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Begins with `/api/`. */
  path: string
  query?: Record<string, string | number | undefined>
  body?: unknown
  /** What the answer's body must be. */
  schema: Schema
}

/** How this engine speaks HTTP: resolves to the data, rejects with AppError when our API said no, else with another Error. */
export interface HttpPort {
  request<Schema extends z.ZodType>(request: HttpRequest<Schema>): Promise<z.output<Schema>>
}

/** What is worth a line in the console. Never tokens or message text. */
export interface ClientLog {
  warn(message: string, facts?: Record<string, unknown>): void
  error(message: string, facts?: Record<string, unknown>): void
}

/** What the engine needs to know of the page it runs in. */
export interface Page {
  isVisible(): boolean
  /** Nobody has touched it for five minutes. Absent where nobody can. */
  isIdle?(): boolean
  /** The browser's own opinion; false is a hint, true says little. */
  isOnline(): boolean
  /** Becomes visible or focused, is restored, or the network returns. The answer stops listening. */
  onWake(listener: () => void): () => void
  /** `isOnline` or `isVisible` may have changed. */
  onChange(listener: () => void): () => void
}

/** What `ping` says of this connection (CONTRACT, *Bounds*): the tab is hidden, or nobody is at it. */
export const isAway = (page: Page): boolean => !page.isVisible() || page.isIdle?.() === true

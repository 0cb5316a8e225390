import type { ConnectionView } from '@/client/transport/ConnectionMonitor'

type Tone = 'good' | 'busy' | 'slow' | 'down'

export interface ConnectionLabel {
  tone: Tone
  text: string
  /** One sentence more, for who wants to know. */
  detail: string
}

const byState: Record<ConnectionView['state'], ConnectionLabel> = {
  connected: { tone: 'good', text: 'Live', detail: 'Messages arrive the moment they are sent.' },
  connecting: { tone: 'busy', text: 'Connecting', detail: 'Opening the live connection.' },
  reconnecting: {
    tone: 'busy',
    text: 'Reconnecting',
    detail: 'The live connection was lost; it is being opened again.',
  },
  polling: { tone: 'slow', text: 'Delayed', detail: 'Connected the slower way. Messages may take a moment.' },
  http: {
    tone: 'slow',
    text: 'Delayed',
    detail: 'No live connection. Sending works; new messages are fetched every few seconds.',
  },
  offline: { tone: 'down', text: 'Offline', detail: 'Nothing can be reached. What you write is kept and sent later.' },
  error: { tone: 'down', text: 'Not connected', detail: 'The server refused the connection.' },
}

/** What the page says of its connection: "Live", "Delayed", "Offline — 3 waiting". */
export function connectionLabel({ state, problem, queued }: Pick<ConnectionView, 'state' | 'problem' | 'queued'>) {
  const label = byState[state]
  return {
    tone: label.tone,
    // While live a queue lasts milliseconds: naming it would only flicker.
    text: queued > 0 && state !== 'connected' ? `${label.text} — ${queued} waiting` : label.text,
    detail: problem?.message ?? label.detail,
  } satisfies ConnectionLabel
}

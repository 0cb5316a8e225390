import { useState } from 'react'
import { VisuallyHidden } from '../ui/VisuallyHidden'
import type { MessageRow } from './rows'

/** As many as a person can follow; after a long absence the list itself is the place to read. */
const spoken = 3

/** Reads messages of others aloud as they arrive; those that were there at first are not news. */
export function Announcer({ rows }: { rows: MessageRow[] }) {
  const [since] = useState(() => rows.findLast((row) => row.seq !== undefined)?.seq ?? 0)
  const news = rows.filter((row) => !row.mine && !row.deleted && (row.seq ?? 0) > since).slice(-spoken)

  return (
    <VisuallyHidden role="log" aria-live="polite" aria-relevant="additions" aria-label="New messages">
      {news.map((row) => (
        <span key={row.key}>{row.system ? row.text : `${row.senderName}: ${row.text}`}</span>
      ))}
    </VisuallyHidden>
  )
}

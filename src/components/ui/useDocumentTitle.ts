import { useEffect } from 'react'

/** The tab's title: "(3) Ada Lovelace · Tandem". */
export function useDocumentTitle(name: string, unread: number) {
  const title = `${unread > 0 ? `(${unread > 99 ? '99+' : unread}) ` : ''}${name} · Tandem`
  useEffect(() => {
    document.title = title
  }, [title])
}

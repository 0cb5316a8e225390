import { useEffect } from 'react'
import { site } from '@/contracts/site'
import { useBell } from '@/hooks/useBell'

/** The tab's title, with everything unread as the bell counts it: "(3) Ada Lovelace · Tandem". */
export function useDocumentTitle(name: string) {
  const { total } = useBell()
  const title = `${total > 0 ? `(${total > 99 ? '99+' : total}) ` : ''}${name} · ${site.name}`
  useEffect(() => {
    document.title = title
  }, [title])
}

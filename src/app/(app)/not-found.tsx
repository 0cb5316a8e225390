import type { Metadata } from 'next'
import { NotFoundInShell } from '@/components/ui/NotFoundView'

export const metadata: Metadata = { title: 'Not found' }

/** For whoever is signed in, and may not know of a page that is there for others. */
export default function NotFound() {
  return <NotFoundInShell />
}

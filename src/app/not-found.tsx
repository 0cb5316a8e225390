import type { Metadata } from 'next'
import { NotFoundView } from '@/components/ui/NotFoundView'

export const metadata: Metadata = { title: 'Not found' }

export default function NotFound() {
  return <NotFoundView />
}

import type { Metadata } from 'next'
import { UnsubscribeView } from '@/components/auth/UnsubscribeView'

export const metadata: Metadata = { title: 'No more mails' }

export default function UnsubscribePage() {
  return <UnsubscribeView />
}

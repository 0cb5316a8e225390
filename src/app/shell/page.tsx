import { ShellView } from '@/components/offline/ShellView'
import { SocketProvider } from '@/contexts/SocketProvider'

/** What a browser's service worker keeps, and shows in place of a page that cannot be had: nothing in it is of anybody. */
export default function ShellPage() {
  return (
    <SocketProvider isShell>
      <ShellView />
    </SocketProvider>
  )
}

import type { adminContract } from '@/contracts/all'
import type { NamespaceLink } from '../transport/NamespaceLink'

/** What the figures need of the connection to `/admin`. */
export type AdminLink = Pick<
  NamespaceLink<typeof adminContract>,
  'start' | 'stop' | 'call' | 'on' | 'connected' | 'problem' | 'changed' | 'connectedNow'
>

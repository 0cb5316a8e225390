import type { Metadata } from 'next'
import { Design } from './Design'

export const metadata: Metadata = { title: 'Design' }

/** In development alone: a build does not know a page of this name (next.config.ts). */
export default function DesignPage() {
  return <Design />
}

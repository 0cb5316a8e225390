import type { Room } from '@/contracts/chat'

export const isMuted = ({ mutedUntil }: Room, now: Date): boolean =>
  mutedUntil !== undefined && new Date(mutedUntil) > now

import type { Room } from './chatShapes'

/** Whether nothing that is said in the room calls for this person's attention at that moment. */
export const isMuted = ({ mutedUntil }: Pick<Room, 'mutedUntil'>, now: Date): boolean =>
  mutedUntil !== undefined && new Date(mutedUntil) > now

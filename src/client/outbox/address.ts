/** Where a message goes whose conversation may not exist yet. No id of a room looks like this: they hold no colon. */
const mark = 'with:'

/** In a room's place: the direct conversation with that person, made when the first message is sent. */
export const addressOf = (personId: string): string => `${mark}${personId}`

/** Undefined where it is a room. */
export const personAt = (address: string): string | undefined =>
  address.startsWith(mark) ? address.slice(mark.length) : undefined

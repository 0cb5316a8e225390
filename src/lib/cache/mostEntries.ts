/**
 * Bounds an `LRUCache` to so many entries, its memory growing as they come. lru-cache's own `max` takes the room of all of
 * them from the start, and most caches here are made for a flood that never comes.
 */
export const mostEntries = (count: number) => ({ maxSize: count, sizeCalculation: () => 1 })

/** Text as a part of a LIKE pattern that means itself: a percent sign would match everything. */
export const literal = (text: string): string => text.replace(/[\\%_]/g, '\\$&')

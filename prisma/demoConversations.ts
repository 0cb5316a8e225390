export interface DemoConversation {
  between: readonly [string, string]
  /** Who says what, in order. */
  lines: readonly (readonly [email: string, text: string])[]
  /** Whether both have seen all of it; otherwise the listener finds unread messages. */
  readByBoth: boolean
}

/** What a newcomer finds on the first visit. */
export const demoConversations: readonly DemoConversation[] = [
  {
    between: ['ada@example.com', 'grace@example.com'],
    lines: [
      ['grace@example.com', 'Morning! Did the new release go out last night?'],
      ['ada@example.com', 'It did, a little after ten. Nobody noticed, which is the best review I know.'],
      [
        'grace@example.com',
        'Ha. My train went into a tunnel halfway through a message, and it still arrived once, in order.',
      ],
      ['ada@example.com', 'That is the whole idea: what is acknowledged is kept, and whatever was missed is fetched.'],
      [
        'grace@example.com',
        'Try it yourself: open a second browser as me, switch your network off, and write something.',
      ],
    ],
    readByBoth: true,
  },
  {
    between: ['ada@example.com', 'linus@example.com'],
    lines: [
      ['linus@example.com', 'Have you a minute to look at the structure of the docs?'],
      ['linus@example.com', 'No hurry. This afternoon is fine.'],
    ],
    readByBoth: false,
  },
]

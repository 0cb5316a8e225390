import { expect, test } from 'vitest'
import { mailCommands } from '@/contracts/preferences'
import { pushCommands } from '@/contracts/push'

// PostgreSQL holds no U+0000, and would answer with a fault of its own.
test.each(['\u0000', 'a\u0000b', 'ä'])('what the database cannot hold is refused before it: %j', (text) => {
  expect(mailCommands.endDigests.input.safeParse({ token: text }).success).toBe(false)
  const endpoint = `https://push.example.com/${text}`
  expect(pushCommands.unsubscribeFromPush.input.safeParse({ endpoint }).success).toBe(false)
})

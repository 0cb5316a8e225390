import type { ChatMessage } from '@/contracts/chat'

/** What happened to the group, in the server's words, in which this person is called "you". */
export function systemWords({ message, senderId, system }: ChatMessage, myId: string, myName: string): string {
  const words = message.replace(/\.$/, '')
  if (myName === '') return words
  // Sentences begin with who did it; of a new owner, with who it is.
  if (senderId === myId && words.startsWith(myName)) return `You${words.slice(myName.length)}`
  if (system?.userIds?.join() !== myId) return words
  return words.startsWith(`${myName} is `)
    ? `You are ${words.slice(`${myName} is `.length)}`
    : words.replace(` ${myName}`, () => ' you')
}

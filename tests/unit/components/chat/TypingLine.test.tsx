// @vitest-environment jsdom
import { render, screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { TypingLine } from '@/components/chat/TypingLine'
import type { Participant } from '@/contracts/chat'

const people = ['Ada', 'Grace', 'Linus'].map(
  (name): Participant => ({
    ...{ id: name.toLowerCase(), name, role: 'member', lastReadSeq: 0, isOnline: true },
    lastSeen: '2026-01-01T00:00:00.000Z',
  }),
)
const line = (...typing: string[]) => <TypingLine typing={typing} participants={people} />
const seen = () => document.querySelector('[aria-hidden=true]')?.textContent
const said = () => screen.getByRole('status').textContent

it('names who types, and counts no more than two', () => {
  const { rerender } = render(line('ada'))
  expect(seen()).toBe('Ada is typing…')
  rerender(line('ada', 'grace'))
  expect(seen()).toBe('Ada and Grace are typing…')
  rerender(line('ada', 'grace', 'linus'))
  expect(seen()).toBe('Several people are typing…')
  rerender(line())
  expect(seen()).toBe('')
})

it('says it once of each person', () => {
  const { rerender } = render(line('ada'))
  expect(said()).toBe('Ada is typing…')
  rerender(line('ada', 'grace'))
  expect(said()).toBe('Grace is typing…')
  rerender(line())
  rerender(line('ada'))
  expect(said()).toBe('Grace is typing…')
})

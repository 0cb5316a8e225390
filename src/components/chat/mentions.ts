import type { Participant } from '@/contracts/chat'

export type Named = Pick<Participant, 'id' | 'name'>

const isWordCharacter = (character: string | undefined) => character !== undefined && /[\p{L}\p{N}_]/u.test(character)

/** Where a text names these people: `@` and a whole name, of two that begin alike the longer. */
export function findMentions<Person extends Named>(text: string, people: readonly Person[]) {
  const byLength = [...people].sort((a, b) => b.name.length - a.name.length)
  const found: { start: number; end: number; people: Person[] }[] = []
  for (let start = text.indexOf('@'); start >= 0; start = text.indexOf('@', start + 1)) {
    if (isWordCharacter(text[start - 1])) continue
    const named = byLength.find(
      ({ name }) => text.startsWith(name, start + 1) && !isWordCharacter(text[start + 1 + name.length]),
    )
    if (!named) continue
    // Of two people with one name both are meant: nobody can tell.
    found.push({
      ...{ start, end: start + 1 + named.name.length },
      people: people.filter(({ name }) => name === named.name),
    })
  }
  return found
}

/** The ids of those whom a text names. */
export const mentionedIn = (text: string, people: readonly Named[]): string[] => [
  ...new Set(findMentions(text, people).flatMap((mention) => mention.people.map(({ id }) => id))),
]

/** The name that is being written at the caret, after an `@`; undefined: none is. */
export function mentionAt(text: string, caret: number): { start: number; query: string } | undefined {
  const [, before = '', query] = /(^|.*[^\p{L}\p{N}_])@([^\n@]{0,40})$/su.exec(text.slice(0, caret)) ?? []
  return query === undefined || /^\s|\s.*\s/.test(query) ? undefined : { start: before.length, query }
}

/** Those whom a beginning may mean: by the beginning of any of their names. */
export function candidates<Person extends Named>(people: readonly Person[], query: string, most: number): Person[] {
  const wanted = query.toLocaleLowerCase()
  const begins = ({ name }: Named) => {
    const lower = name.toLocaleLowerCase()
    return lower.startsWith(wanted) || lower.split(/\s+/).some((word) => word.startsWith(wanted))
  }
  return people.filter(begins).slice(0, most)
}

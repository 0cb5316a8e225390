import type { Participant } from '@/contracts/chat'

export type Named = Pick<Participant, 'id' | 'name'>

const isWordCharacter = (character: string | undefined) => character !== undefined && /[\p{L}\p{N}_]/u.test(character)

/** The places where a name may stand in a text: at each `@` that is not within a word. */
const atSigns = (text: string): number[] =>
  [...text.matchAll(/@/g)].map(({ index }) => index).filter((start) => !isWordCharacter(text[start - 1]))

/** Where a text names these people: `@` and a whole name, of two that begin alike the longer. */
export function findMentions<Person extends Named>(text: string, people: readonly Person[]) {
  const byLength = [...people].sort((a, b) => b.name.length - a.name.length)
  const found: { start: number; end: number; people: Person[] }[] = []
  for (const start of atSigns(text)) {
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

/** Whether a text names somebody, perhaps, who is not among these people. */
export function namesOthers(text: string, people: readonly Named[]): boolean {
  const known = new Set(findMentions(text, people).map(({ start }) => start))
  return atSigns(text).some((start) => !known.has(start) && /[^\s@]/.test(text.charAt(start + 1)))
}

/**
 * The ids of those whom an edited text names. Whom it named before by a name that is not known (another one since, or not
 * loaded) it names as long as there is a name in it that is not known.
 */
export function mentionedAfter(
  before: { text: string; mentions: readonly string[] },
  text: string,
  people: readonly Named[],
): string[] {
  const named = mentionedIn(text, people)
  if (!namesOthers(text, people)) return named
  const knownBefore = mentionedIn(before.text, people)
  return [...new Set([...named, ...before.mentions.filter((id) => !knownBefore.includes(id))])]
}

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

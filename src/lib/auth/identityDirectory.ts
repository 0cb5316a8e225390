import { limits } from '@/contracts/limits'
import type { Person } from '@/contracts/users'
import type { IdentityPeople } from '@/lib/db/repositories/IdentityPeople'
import type { Logger } from '@/services/shared/Logger'
import type { Identity } from './identity'
import { type KnownPerson, knownPerson } from './identityInput'

/** As `Identity.people` and `Identity.search` say. */
const ASKED_AT_ONCE = 100
const MOST_FOUND = 50

export interface IdentityDirectoryDeps {
  identity: Identity
  people: IdentityPeople
  publicUrl: string
  logger: Logger
}

export interface IdentityDirectory {
  /** Writes down those of these ids whom nobody has seen here yet and the app knows. */
  know(ids: readonly string[]): Promise<void>
  /** Whom the app finds, less this person, and written down; undefined: it has no search of its own. */
  find(query: string, exceptId: string): Promise<Person[] | undefined>
}

/** The app's people, as far as somebody asks for them. One who cannot be taken keeps nobody from the others. */
export function createIdentityDirectory({
  identity,
  people,
  publicUrl,
  logger,
}: IdentityDirectoryDeps): IdentityDirectory {
  const leftOut = (why: string) => logger.warn('somebody of the app is left out', { why })

  function taken(given: readonly unknown[]): KnownPerson[] {
    const taken = new Map<string, KnownPerson>()
    for (const one of given) {
      try {
        const person = knownPerson(one, publicUrl)
        taken.set(person.id, person)
      } catch (error) {
        leftOut(String(error))
      }
    }
    return [...taken.values()]
  }

  /** Resolves to those who can be written to, in their order. */
  async function write(persons: readonly KnownPerson[]): Promise<Person[]> {
    if (persons.length === 0) return []
    const kept = new Map((await people.write(persons)).map((row) => [row.id, row]))
    return persons.flatMap(({ id, name, avatarImage }) => {
      const row = kept.get(id)
      if (!row) leftOut(`The id "${id}" is that of an account of Tandem's own sign-in.`)
      return row && !row.disabled ? [{ id, name, ...(avatarImage === null ? {} : { avatarImage }) }] : []
    })
  }

  return {
    async know(ids) {
      const unknown = await people.unknown([...new Set(ids)])
      for (let i = 0; i < unknown.length; i += ASKED_AT_ONCE) {
        const asked = unknown.slice(i, i + ASKED_AT_ONCE)
        const said = taken(await identity.people(asked))
        // Whom nobody asked for is not written down.
        await write(said.filter(({ id }) => asked.includes(id)))
      }
    },

    async find(query, exceptId) {
      const said = await identity.search?.(query)
      if (!said) return undefined
      const others = taken(said.slice(0, MOST_FOUND)).filter(({ id }) => id !== exceptId)
      return (await write(others)).slice(0, limits.usersPage)
    },
  }
}

import pLimit from 'p-limit'
import { AppError } from '@/contracts/errors'
import { sqlState } from '../errors'
import { GroupCommit } from '../GroupCommit'

/** Questions that one statement answers: what it locks it holds until the last of them is answered. */
const AT_ONCE = 50
const MOST_WAITING = 10_000
const WAIT_MS = 4_000
/** Parts of a batch that are asked at a time; the pool has others to serve. */
const PARTS_AT_ONCE = 3

/** SQLSTATEs that a single question may have caused: a value; a deadlock, a lock that does not come, a statement too long. */
const VALUE = /^2[23]/
const WAITED = /^(40|55|57014)/

/**
 * Questions that come while others are answered share the next statement; one alone is asked at once. When such a statement
 * fails for what may be the fault of one of them, its parts are asked apart, and nobody waits for another part's answer.
 * @param ask - asks for a batch; answers in its order.
 * @param partOf - what questions have in common that is waited for together: those of one part stay together.
 */
export function sharedStatement<Question, Answer>(
  ask: (batch: readonly Question[]) => Promise<readonly Answer[]>,
  partOf: (question: Question) => string,
): (question: Question) => Promise<Answer> {
  const limit = pLimit(PARTS_AT_ONCE)

  async function commit(batch: readonly Question[]): Promise<{ answer: Promise<Answer> | Answer }[]> {
    try {
      return (await ask(batch)).map((answer) => ({ answer }))
    } catch (error) {
      const state = sqlState(error) ?? ''
      if (!VALUE.test(state) && !WAITED.test(state)) throw error
      const parts = new Map<string, Question[]>()
      for (const [place, question] of batch.entries()) {
        const part = VALUE.test(state) ? `${place}` : partOf(question)
        parts.set(part, [...(parts.get(part) ?? []), question])
      }
      if (parts.size === 1) throw error
      const answers = new Map([...parts.values()].flatMap((part) => [...askApart(part)]))
      return batch.map((question) => ({ answer: answers.get(question) ?? Promise.reject(error) }))
    }
  }

  function askApart(part: readonly Question[]): Map<Question, Promise<Answer>> {
    const all = limit(() => ask(part))
    return new Map(
      part.map((question, place) => {
        const answer = all.then((answers) => answers[place] ?? Promise.reject(new AppError('INTERNAL')))
        // Whoever asked looks at it a turn later.
        answer.catch(() => {})
        return [question, answer]
      }),
    )
  }

  const group = new GroupCommit({
    commit,
    ...{ maxBatch: AT_ONCE, maxQueue: MOST_WAITING, maxWaitMs: WAIT_MS },
  })
  return async (question) => await (await group.add(question)).answer
}

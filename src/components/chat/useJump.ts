import { useCallback, useEffect, useState } from 'react'
import type { ConversationActions, ConversationView } from '@/client/chat/view'
import { sentenceOf } from '@/hooks/sentenceOf'
import type { Target } from './useTarget'

/**
 * Going to a message of the conversation, however far away it is.
 * @param at the place that the address names; `onTaken` is called once it is being gone to.
 */
export function useJump(
  { status, openAround }: Pick<ConversationView & ConversationActions, 'status' | 'openAround'>,
  at: number | undefined,
  onTaken: () => void,
) {
  const [target, setTarget] = useState<Target>()
  /** The last one, as long as it is being looked for. */
  const [underWay, setUnderWay] = useState<Target>()
  /** Why the last one is not shown. */
  const [problem, setProblem] = useState<string>()
  const jump = useCallback(
    async (seq: number) => {
      const wanted = { seq }
      setProblem(undefined)
      setUnderWay(wanted)
      try {
        if (await openAround(seq)) setTarget(wanted)
      } catch (error) {
        setProblem(sentenceOf(error))
      }
      setUnderWay((latest) => (latest === wanted ? undefined : latest))
    },
    [openAround],
  )
  const isReady = status === 'ready'
  useEffect(() => {
    if (at === undefined || !isReady) return
    void jump(at)
    onTaken()
  }, [at, isReady, jump, onTaken])
  const isJumping = at !== undefined || underWay !== undefined
  return { target, isJumping, jump, problem, forgetProblem: useCallback(() => setProblem(undefined), []) }
}

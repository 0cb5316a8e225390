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
  /** Why the last one is not shown. */
  const [problem, setProblem] = useState<string>()
  const jump = useCallback(
    async (seq: number) => {
      setProblem(undefined)
      try {
        if (await openAround(seq)) setTarget({ seq })
      } catch (error) {
        setProblem(sentenceOf(error))
      }
    },
    [openAround],
  )
  const isReady = status === 'ready'
  useEffect(() => {
    if (at === undefined || !isReady) return
    void jump(at)
    onTaken()
  }, [at, isReady, jump, onTaken])
  return { target, jump, problem, forgetProblem: useCallback(() => setProblem(undefined), []) }
}

import { useCallback, useState } from 'react'
import { sentenceOf } from '@/hooks/sentenceOf'

/** Runs one thing at a time and keeps what came of it. */
export const useRun = <Result>() => {
  const [busy, setBusy] = useState(false)
  const [result, setResult] = useState<Result>()
  const [problem, setProblem] = useState<string>()

  const run = useCallback(async (action: () => Promise<Result>) => {
    setBusy(true)
    setProblem(undefined)
    try {
      setResult(await action())
    } catch (error) {
      setResult(undefined)
      setProblem(sentenceOf(error))
    } finally {
      setBusy(false)
    }
  }, [])
  return { busy, result, problem, run }
}

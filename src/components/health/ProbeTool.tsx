import type { HealthActions } from '@/client/health/view'
import { inWords, milliseconds } from './format'
import { Tool } from './Tool'
import { useRun } from './useRun'

const probes = 5

interface Probed {
  bestMs: number
  medianMs: number
  worstMs: number
  instance: string
}

const probe = async (actions: HealthActions): Promise<Probed> => {
  const times: number[] = []
  let instance = ''
  for (let i = 0; i < probes; i += 1) {
    const answer = await actions.probe()
    times.push(answer.roundTripMs)
    instance = answer.instance
  }
  const [bestMs = 0, , medianMs = 0, , worstMs = 0] = times.toSorted((a, b) => a - b)
  return { bestMs, medianMs, worstMs, instance }
}

const ms = (amount: number) => inWords(milliseconds(amount))

/** How long the way to the server and back takes, from here. */
export function ProbeTool({ actions }: { actions: HealthActions | null }) {
  const { busy, result, problem, run } = useRun<Probed>()
  return (
    <Tool
      title="Round trip"
      text="Asks the server five times and measures until it answers: the network and the process, without the database."
      button="Measure"
      busy={busy}
      disabled={actions === null}
      onRun={() => actions && void run(() => probe(actions))}
      problem={problem}
      result={
        result && (
          <>
            <strong>{ms(result.medianMs)}</strong> median, {ms(result.bestMs)} to {ms(result.worstMs)}, answered by{' '}
            {result.instance}.
          </>
        )
      }
    />
  )
}

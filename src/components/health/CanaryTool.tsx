import { useState } from 'react'
import type { CanaryTimes, HealthActions } from '@/client/health/view'
import type { CanaryReport } from '@/contracts/admin'
import { type CanaryStage, CanaryTimeline } from './CanaryTimeline'
import { inWords, milliseconds } from './format'
import { Tool } from './Tool'
import { useRun } from './useRun'

const stages = (report: CanaryReport | undefined, receivedMs: number | undefined): CanaryStage[] => [
  { name: 'Accepted', text: 'by the server', ms: report?.acceptedMs },
  { name: 'Committed', text: 'in PostgreSQL', ms: report?.committedMs },
  { name: 'Published', text: 'to every instance', ms: report?.publishedMs },
  { name: 'Received', text: 'by this page', ms: receivedMs },
]

/** Sends a synthetic message the whole way and shows when it passed each station. */
export function CanaryTool({ actions }: { actions: HealthActions | null }) {
  const [report, setReport] = useState<CanaryReport>()
  const { busy, result, problem, run } = useRun<CanaryTimes>()
  const release = () => {
    setReport(undefined)
    if (actions) void run(() => actions.canary(setReport))
  }
  const received = busy ? undefined : result?.receivedMs
  return (
    <Tool
      title="Canary"
      text="A synthetic message takes the way that every message takes. Nobody sees it, and it is not kept."
      button="Send a canary"
      busy={busy}
      disabled={actions === null}
      onRun={release}
      problem={problem && report ? `Published, but not received here. ${problem}` : problem}
      result={
        received !== undefined && (
          <>
            Received after <strong>{inWords(milliseconds(received))}</strong>.
          </>
        )
      }
    >
      <CanaryTimeline stages={stages(report, received)} running={busy} failed={problem !== undefined} />
    </Tool>
  )
}

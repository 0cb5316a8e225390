import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import { useEffect, useState } from 'react'
import type { HealthState, HealthView } from '@/client/health/view'
import { duration } from './format'

const words: Record<HealthState, { text: string; colour: string }> = {
  connecting: { text: 'Connecting', colour: 'text.secondary' },
  live: { text: 'Live', colour: 'success.main' },
  late: { text: 'Updates are late', colour: 'warning.main' },
  polling: { text: 'Over HTTP, every 10 s', colour: 'warning.main' },
  reconnecting: { text: 'Reconnecting', colour: 'warning.main' },
  refused: { text: 'Refused', colour: 'error.main' },
}

/** Seconds since `since` (milliseconds), counting. */
function useAge(since: number | undefined): number | undefined {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  return since === undefined ? undefined : Math.max(0, Math.round((now - since) / 1_000))
}

/** How far the figures can be trusted, with their age; the age is its own component, so that only it counts. */
export function LiveState({ state, receivedAt }: Pick<HealthView, 'state' | 'receivedAt'>) {
  const { text, colour } = words[state]
  return (
    <Box sx={{ display: 'inline-flex', alignItems: 'center', gap: 1, whiteSpace: 'nowrap' }}>
      <Box
        aria-hidden
        sx={{
          width: 9,
          height: 9,
          borderRadius: state === 'live' ? '50%' : '2px',
          bgcolor: colour,
          animation: state === 'connecting' || state === 'reconnecting' ? 'breathe 1.6s ease-in-out infinite' : 'none',
          '@keyframes breathe': { '50%': { opacity: 0.25 } },
        }}
      />
      <Typography variant="body2" component="span" role="status" data-health-state={state} sx={{ fontWeight: 560 }}>
        {text}
      </Typography>
      {receivedAt !== undefined && <Age receivedAt={receivedAt} />}
    </Box>
  )
}

function Age({ receivedAt }: { receivedAt: number }) {
  const seconds = useAge(receivedAt) ?? 0
  return (
    <Typography variant="body2" component="span" sx={{ color: 'text.secondary', fontVariantNumeric: 'tabular-nums' }}>
      {seconds < 1 ? 'updated just now' : `updated ${duration(seconds)} ago`}
    </Typography>
  )
}

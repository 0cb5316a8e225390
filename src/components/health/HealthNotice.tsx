import Alert from '@mui/material/Alert'
import type { HealthView } from '@/client/health/view'

/** Says why there is nothing newer, where that is so. */
export function HealthNotice({ state, problem, snapshot }: HealthView) {
  if (state === 'live' || (state === 'connecting' && problem === undefined)) return null
  const figures = snapshot === undefined ? '' : ' What you see below is how it was.'
  if (state === 'late') {
    return (
      <Alert severity="warning">
        The server is connected but has sent no figures for a while. It may be overloaded.{figures}
      </Alert>
    )
  }
  if (state === 'polling') {
    return (
      <Alert severity="warning">
        {problem ?? 'The live connection was lost; it is being opened again.'} Meanwhile the figures come over HTTP,
        every 10 s. Connections, rooms and diagnostics need the live connection.
      </Alert>
    )
  }
  if (state === 'refused') {
    return (
      <Alert severity="error">
        {problem} The server does not show its figures to this page.{figures}
      </Alert>
    )
  }
  return (
    <Alert severity="warning">
      {problem ?? 'The live connection was lost; it is being opened again.'}
      {figures}
    </Alert>
  )
}

import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { type FormEvent, useId, useState } from 'react'
import { type Webhook, webhookCommands } from '@/contracts/webhooks'
import { useCommand } from '@/hooks/useCommand'
import { useSubmit } from '../ui/useSubmit'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** As `datetime-local` writes it: the minute of the clock here. */
const fieldOf = (ms: number): string =>
  new Date(ms - new Date(ms).getTimezoneOffset() * MINUTE_MS).toISOString().slice(0, 16)

const countOf = (count: number): string => {
  if (count === 0) return 'Nothing of that time was sent or given up.'
  return count === 1 ? 'One event goes out again.' : `${count.toLocaleString('en')} events go out again.`
}

interface Props {
  webhook: Webhook
  onReplayed: () => void
}

/** Sends all of a span again: since it fails, or of the last day, unless another is chosen. */
export function ReplaySpan({ webhook: { id, failingSince }, onReplayed }: Props) {
  const call = useCommand()
  // What failed first happened a little before it was known to fail.
  const [from, setFrom] = useState(() =>
    fieldOf(failingSince === null ? Date.now() - DAY_MS : Date.parse(failingSince) - MINUTE_MS),
  )
  const [to, setTo] = useState(() => fieldOf(Date.now() + MINUTE_MS))
  const [count, setCount] = useState<number>()
  const { busy, failure, submit } = useSubmit(['from', 'to'])
  const titleId = useId()
  const isBackward = from !== '' && to !== '' && from >= to
  const moment = { inputLabel: { shrink: true } }

  const replay = (event: FormEvent) => {
    event.preventDefault()
    setCount(undefined)
    void submit(async () => {
      const span = { from: new Date(from).toISOString(), to: new Date(to).toISOString() }
      const replayed = await call(webhookCommands.replayWebhook, { id, ...span })
      setCount(replayed.count)
      onReplayed()
    })
  }
  return (
    <Box
      component="form"
      aria-labelledby={titleId}
      onSubmit={replay}
      noValidate
      sx={{ display: 'grid', gap: 1.5, mb: 1 }}
    >
      <Typography id={titleId} variant="subtitle1" component="h3">
        Send a time again
      </Typography>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'start' }}>
        <TextField
          size="small"
          type="datetime-local"
          label="From"
          value={from}
          onChange={({ target }) => setFrom(target.value)}
          error={failure.fields.from !== undefined}
          helperText={failure.fields.from}
          slotProps={moment}
        />
        <TextField
          size="small"
          type="datetime-local"
          label="Until"
          value={to}
          onChange={({ target }) => setTo(target.value)}
          error={isBackward || failure.fields.to !== undefined}
          helperText={isBackward ? 'This is not after “From”.' : failure.fields.to}
          slotProps={moment}
        />
        <Button type="submit" variant="outlined" loading={busy} disabled={isBackward || from === '' || to === ''}>
          Send all again
        </Button>
      </Box>
      <Box role="status">{count !== undefined && <Alert severity="success">{countOf(count)}</Alert>}</Box>
      {failure.message && <Alert severity="error">{failure.message}</Alert>}
    </Box>
  )
}

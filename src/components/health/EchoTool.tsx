import TextField from '@mui/material/TextField'
import { useState } from 'react'
import type { HealthActions } from '@/client/health/view'
import { inWords, milliseconds } from './format'
import { Tool } from './Tool'
import { useRun } from './useRun'

/** Has the server send an event to this page only. */
export function EchoTool({ actions }: { actions: HealthActions | null }) {
  const [text, setText] = useState('Hello from the dashboard')
  const { busy, result, problem, run } = useRun<{ text: string; arrivedMs: number }>()
  return (
    <Tool
      title="Test event"
      text="The server sends this text back as an event, to this page and nobody else."
      button="Send the event"
      busy={busy}
      disabled={actions === null}
      onRun={() => actions && void run(() => actions.echo(text))}
      problem={problem}
      result={
        result && (
          <>
            “{result.text}” came back after <strong>{inWords(milliseconds(result.arrivedMs))}</strong>.
          </>
        )
      }
    >
      <TextField
        size="small"
        label="Text"
        value={text}
        onChange={(event) => setText(event.target.value.slice(0, 200))}
        sx={{ width: '100%', maxWidth: 320, mt: 0.5 }}
      />
    </Tool>
  )
}

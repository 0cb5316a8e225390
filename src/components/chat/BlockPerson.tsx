import Button from '@mui/material/Button'
import { useState } from 'react'
import { ConfirmDialog } from '../ui/ConfirmDialog'

interface Props {
  name: string
  blocked: boolean
  busy: boolean
  onChange: (blocked: boolean) => void
}

/** Blocks the other one of a direct conversation, or unblocks them. */
export function BlockPerson({ name, blocked, busy, onChange }: Props) {
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Button
        color={blocked ? 'primary' : 'error'}
        onClick={() => (blocked ? onChange(false) : setAsking(true))}
        disabled={busy}
        sx={{ mt: 2, ml: -1, textAlign: 'start', overflowWrap: 'anywhere' }}
      >
        {blocked ? 'Unblock' : 'Block'} {name}
      </Button>
      <ConfirmDialog
        open={asking}
        title={`Block ${name}?`}
        confirm="Block"
        onClose={() => setAsking(false)}
        onConfirm={() => onChange(true)}
      >
        Neither of you can write in this conversation any more, and they no longer see when you are online. They are not
        told. In groups that you share both of you can still write. You can unblock them at any time.
      </ConfirmDialog>
    </>
  )
}

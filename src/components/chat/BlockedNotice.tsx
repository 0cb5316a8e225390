import BlockRounded from '@mui/icons-material/BlockRounded'
import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import { useSetBlocked } from '@/hooks/useBlocks'
import { useSubmit } from '../ui/useSubmit'
import { NoComposer } from './NoComposer'

interface Props {
  open: boolean
  /** Whom one has blocked. */
  userId: string
  name: string
}

/** While one has blocked the other one of a direct conversation. */
export function BlockedNotice({ open, userId, name }: Props) {
  const setBlocked = useSetBlocked()
  const { busy, failure, submit } = useSubmit([])
  if (!open) return null
  return (
    <NoComposer Icon={BlockRounded}>
      <Typography variant="body2" sx={{ minWidth: 0, overflowWrap: 'anywhere' }}>
        You have blocked <bdi>{name}</bdi>. Neither of you can write here. {failure.message}
      </Typography>
      <Button
        size="small"
        disabled={busy}
        onClick={() => submit(() => setBlocked(userId, false))}
        sx={{ flex: 'none' }}
      >
        Unblock
      </Button>
    </NoComposer>
  )
}

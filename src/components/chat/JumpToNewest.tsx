import KeyboardArrowDownRounded from '@mui/icons-material/KeyboardArrowDownRounded'
import Button from '@mui/material/Button'

/** `count`: messages that arrived below what is being read. */
export function JumpToNewest({ count, onJump }: { count: number; onJump: () => void }) {
  return (
    <Button
      onClick={onJump}
      variant="contained"
      color={count > 0 ? 'secondary' : 'inherit'}
      aria-label={count > 0 ? undefined : 'To the newest message'}
      startIcon={count > 0 ? <KeyboardArrowDownRounded /> : undefined}
      sx={{
        position: 'absolute',
        right: { xs: 16, md: 28 },
        bottom: 14,
        minWidth: 40,
        height: 40,
        px: count > 0 ? 2 : 0,
        borderRadius: 20,
        boxShadow: 4,
        ...(count > 0 ? {} : { bgcolor: 'background.paper', color: 'text.primary' }),
      }}
    >
      {count > 0 ? `${count} new message${count === 1 ? '' : 's'}` : <KeyboardArrowDownRounded aria-hidden />}
    </Button>
  )
}

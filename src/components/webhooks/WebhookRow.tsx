import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Chip from '@mui/material/Chip'
import Typography from '@mui/material/Typography'
import type { Webhook } from '@/contracts/webhooks'
import { VisuallyHidden } from '../ui/VisuallyHidden'

export function WebhookRow({ webhook, onOpen }: { webhook: Webhook; onOpen: () => void }) {
  const { url, description, events, enabled, failingSince } = webhook
  return (
    <Box
      component="li"
      sx={{
        display: 'grid',
        gridTemplateColumns: 'minmax(0, 1fr) auto',
        alignItems: 'center',
        columnGap: 1.5,
        rowGap: 0.5,
        py: 1.25,
        borderBottom: '1px solid',
        borderColor: 'divider',
      }}
    >
      <Box sx={{ minWidth: 0 }}>
        <Typography variant="subtitle1" component="p" noWrap title={url}>
          {url}
        </Typography>
        <Typography variant="body2" sx={{ color: 'text.secondary' }}>
          {[description, events.join(', ')].filter(Boolean).join(' · ')}
        </Typography>
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 0.75, mt: 0.5 }}>
          {!enabled && <Chip size="small" variant="outlined" label="Switched off" />}
          {enabled && failingSince !== null && <Chip size="small" color="error" variant="outlined" label="Failing" />}
        </Box>
      </Box>
      <Button size="small" onClick={onOpen}>
        Open
        <VisuallyHidden> {url}</VisuallyHidden>
      </Button>
    </Box>
  )
}

import type { SvgIconComponent } from '@mui/icons-material'
import CloseRounded from '@mui/icons-material/CloseRounded'
import Box from '@mui/material/Box'
import IconButton from '@mui/material/IconButton'
import Typography from '@mui/material/Typography'
import type { ReactNode } from 'react'

interface Props {
  id: string
  Icon: SvgIconComponent
  what: ReactNode
  /** Of the message that it concerns. */
  text: string
  /** The button's name. */
  cancel: string
  onCancel: () => void
}

/** Above the field: what Enter does besides sending a text. */
export const ComposerNotice = ({ id, Icon, what, text, cancel, onCancel }: Props) => (
  <Box
    sx={{ display: 'flex', alignItems: 'center', gap: 1.25, maxWidth: 872, mx: 'auto', pl: 2.25, pr: 0.75, pb: 0.5 }}
  >
    <Icon aria-hidden sx={{ fontSize: 18, color: 'primary.main' }} />
    <Typography id={id} variant="body2" noWrap sx={{ flex: 1, color: 'text.secondary' }}>
      <Box component="span" sx={{ color: 'primary.main', fontWeight: 600 }}>
        {what}
      </Box>
      <bdi>{text}</bdi>
    </Typography>
    <IconButton size="small" aria-label={cancel} onClick={onCancel}>
      <CloseRounded fontSize="small" />
    </IconButton>
  </Box>
)

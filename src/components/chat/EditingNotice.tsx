import CloseRounded from '@mui/icons-material/CloseRounded'
import EditOutlined from '@mui/icons-material/EditOutlined'
import Box from '@mui/material/Box'
import IconButton from '@mui/material/IconButton'
import Typography from '@mui/material/Typography'

interface Props {
  id: string
  /** Of the message, as it was. */
  text: string
  onCancel: () => void
}

/** Above the field: which message is being edited. */
export const EditingNotice = ({ id, text, onCancel }: Props) => (
  <Box
    sx={{ display: 'flex', alignItems: 'center', gap: 1.25, maxWidth: 872, mx: 'auto', pl: 2.25, pr: 0.75, pb: 0.5 }}
  >
    <EditOutlined aria-hidden sx={{ fontSize: 18, color: 'primary.main' }} />
    <Typography id={id} variant="body2" noWrap sx={{ flex: 1, color: 'text.secondary' }}>
      <Box component="span" sx={{ color: 'primary.main', fontWeight: 600 }}>
        Editing:{' '}
      </Box>
      <bdi>{text}</bdi>
    </Typography>
    <IconButton size="small" aria-label="Cancel editing" onClick={onCancel}>
      <CloseRounded fontSize="small" />
    </IconButton>
  </Box>
)

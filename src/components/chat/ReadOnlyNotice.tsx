import LockOutlined from '@mui/icons-material/LockOutlined'
import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import { refusalOf } from '@/contracts/permissions'

/** In place of the composer for whoever may only read; what they had begun to write is kept. */
export function ReadOnlyNotice() {
  return (
    <Box
      role="status"
      sx={{
        flex: 'none',
        display: 'flex',
        justifyContent: 'center',
        gap: 1,
        px: { xs: 2, md: 3 },
        pt: 1.75,
        pb: 'max(18px, env(safe-area-inset-bottom))',
        bgcolor: 'background.paper',
        borderTop: '1px solid',
        borderColor: 'divider',
        color: 'text.secondary',
      }}
    >
      <LockOutlined aria-hidden sx={{ fontSize: 18, mt: '2px' }} />
      <Typography variant="body2">You can read here. {refusalOf('chat:write')}</Typography>
    </Box>
  )
}

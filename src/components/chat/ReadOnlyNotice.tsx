import LockOutlined from '@mui/icons-material/LockOutlined'
import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import { refusalOf } from '@/contracts/permissions'

/** In place of the composer for whoever may only read; what they had begun to write is kept. */
export function ReadOnlyNotice() {
  return (
    <Box sx={{ flex: 'none', px: { xs: 1.5, md: 3 }, pt: 1.25, pb: 'max(12px, env(safe-area-inset-bottom))' }}>
      <Box
        role="status"
        sx={{
          display: 'flex',
          justifyContent: 'center',
          gap: 1,
          maxWidth: 872,
          mx: 'auto',
          px: 2.25,
          py: 1.75,
          borderRadius: '26px',
          border: '1px solid',
          borderColor: 'divider',
          bgcolor: 'background.paper',
          color: 'text.secondary',
        }}
      >
        <LockOutlined aria-hidden sx={{ fontSize: 18, mt: '2px' }} />
        <Typography variant="body2">You can read here. {refusalOf('chat:write')}</Typography>
      </Box>
    </Box>
  )
}

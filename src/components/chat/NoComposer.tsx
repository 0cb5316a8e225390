import type { SvgIconComponent } from '@mui/icons-material'
import Box from '@mui/material/Box'
import type { ReactNode } from 'react'

/** Stands in the composer's place and says why there is none; what somebody had begun to write is kept. */
export const NoComposer = ({ Icon, children }: { Icon: SvgIconComponent; children: ReactNode }) => (
  <Box sx={{ flex: 'none', px: { xs: 1.5, md: 3 }, pt: 1.25, pb: 'max(12px, env(safe-area-inset-bottom))' }}>
    <Box
      role="status"
      sx={{
        display: 'flex',
        justifyContent: 'center',
        alignItems: 'center',
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
      <Icon aria-hidden sx={{ fontSize: 18 }} />
      {children}
    </Box>
  </Box>
)

import Box from '@mui/material/Box'
import type { ReactNode } from 'react'

/** How many there are, at the corner of what it stands on; nothing where there are none. Words must say it too. */
export const CountBadge = ({ count, children }: { count: number; children: ReactNode }) => (
  <Box component="span" sx={{ position: 'relative', display: 'inline-flex' }}>
    {children}
    {count > 0 && (
      <Box
        component="span"
        aria-hidden
        sx={{
          position: 'absolute',
          top: 0,
          right: 0,
          transform: 'translate(50%, -50%)',
          minWidth: 17,
          height: 17,
          px: 0.5,
          borderRadius: 9,
          bgcolor: 'secondary.main',
          color: 'secondary.contrastText',
          fontSize: 11,
          lineHeight: '17px',
          fontWeight: 500,
          textAlign: 'center',
        }}
      >
        {count > 99 ? '99+' : count}
      </Box>
    )}
  </Box>
)

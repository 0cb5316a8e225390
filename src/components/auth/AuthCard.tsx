import Box from '@mui/material/Box'
import Stack from '@mui/material/Stack'
import Typography from '@mui/material/Typography'
import type { ReactNode } from 'react'
import { PublicHeader } from '../ui/PublicHeader'

interface Props {
  title: string
  intro: string
  children: ReactNode
  /** The way to the other form. */
  footer?: ReactNode
}

/** What the pages for signing in and registering look like. */
export function AuthCard({ title, intro, children, footer }: Props) {
  return (
    <Box sx={{ minHeight: '100dvh', display: 'flex', flexDirection: 'column' }}>
      <PublicHeader />
      <Stack component="main" sx={{ flex: 1, alignItems: 'center', px: 2, pt: { xs: 2, sm: 6 }, pb: 6 }}>
        <Box
          sx={{
            width: '100%',
            maxWidth: 440,
            p: { xs: 2.5, sm: 4.5 },
            borderRadius: '18px',
            border: '1px solid',
            borderColor: 'divider',
            bgcolor: 'background.paper',
          }}
        >
          <Typography variant="h2" component="h1">
            {title}
          </Typography>
          <Typography sx={{ color: 'text.secondary', mt: 0.75, mb: 3 }}>{intro}</Typography>
          {children}
        </Box>
        {footer && (
          <Typography variant="body2" sx={{ mt: 3, color: 'text.secondary' }}>
            {footer}
          </Typography>
        )}
      </Stack>
    </Box>
  )
}

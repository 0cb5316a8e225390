import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import { type ReactNode, useId } from 'react'

interface Props {
  title: string
  /** Beside the title: a short fact, or buttons. */
  aside?: ReactNode
  children: ReactNode
}

/** One part of the dashboard, a landmark of its own. */
export function Panel({ title, aside, children }: Props) {
  const id = useId()
  return (
    <Box
      component="section"
      aria-labelledby={id}
      sx={{
        bgcolor: 'background.paper',
        border: '1px solid',
        borderColor: 'divider',
        borderRadius: '14px',
        p: { xs: 2, md: 2.5 },
        minWidth: 0,
        display: 'flex',
        flexDirection: 'column',
      }}
    >
      <Box sx={{ display: 'flex', alignItems: 'baseline', gap: 2, mb: 1.5, flexWrap: 'wrap' }}>
        <Typography id={id} variant="subtitle1" component="h2" sx={{ flex: 1, fontSize: '0.9375rem' }}>
          {title}
        </Typography>
        {aside && (
          <Typography
            variant="body2"
            component="div"
            sx={{ color: 'text.secondary', fontVariantNumeric: 'tabular-nums' }}
          >
            {aside}
          </Typography>
        )}
      </Box>
      {children}
    </Box>
  )
}

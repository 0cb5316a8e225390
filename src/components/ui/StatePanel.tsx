import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import type { ReactNode } from 'react'

interface Props {
  icon?: ReactNode
  title: string
  children?: ReactNode
  actions?: ReactNode
  /** `h1` where the panel is the whole page. */
  heading?: 'h1' | 'h2'
}

/** Says, in the middle of a pane, why there is nothing else to see and what can be done. */
export function StatePanel({ icon, title, children, actions, heading = 'h2' }: Props) {
  return (
    <Box
      sx={{
        flex: 1,
        display: 'flex',
        flexDirection: 'column',
        alignItems: 'center',
        justifyContent: 'center',
        textAlign: 'center',
        gap: 1,
        px: 3,
        py: 6,
        minHeight: 0,
      }}
    >
      {icon && (
        <Box
          aria-hidden
          sx={{
            display: 'grid',
            placeItems: 'center',
            width: 64,
            height: 64,
            mb: 1.5,
            borderRadius: '50%',
            color: 'primary.main',
            bgcolor: 'color-mix(in srgb, var(--mui-palette-primary-main) 11%, transparent)',
          }}
        >
          {icon}
        </Box>
      )}
      <Typography variant="h3" component={heading}>
        {title}
      </Typography>
      {children && (
        <Typography component="div" sx={{ color: 'text.secondary', maxWidth: 400, textWrap: 'balance' }}>
          {children}
        </Typography>
      )}
      {actions && (
        <Box sx={{ display: 'flex', gap: 1, mt: 2, flexWrap: 'wrap', justifyContent: 'center' }}>{actions}</Box>
      )}
    </Box>
  )
}

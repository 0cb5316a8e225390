'use client'

import Box from '@mui/material/Box'
import Tooltip from '@mui/material/Tooltip'
import { useSocketConnection } from '@/hooks/useSocketConnection'
import { connectionLabel } from './connectionLabel'

const colours = {
  good: 'success.main',
  busy: 'text.secondary',
  slow: 'secondary.main',
  down: 'error.main',
} as const

/** Small and calm; what changes is read aloud politely. `compact` fits below a name. */
export function ConnectionIndicator({ compact = false }: { compact?: boolean }) {
  const { tone, text, detail } = connectionLabel(useSocketConnection())

  return (
    <Tooltip title={detail} describeChild>
      <Box
        // A keyboard reaches the sentence in the tooltip this way.
        tabIndex={0}
        role="status"
        data-connection={tone}
        sx={{
          display: 'inline-flex',
          alignItems: 'center',
          gap: 0.9,
          px: compact ? 0 : 1.25,
          height: compact ? 20 : 30,
          borderRadius: '15px',
          whiteSpace: 'nowrap',
          fontSize: '0.8125rem',
          fontWeight: 500,
          color: 'text.secondary',
          fontVariantNumeric: 'tabular-nums',
          bgcolor:
            tone === 'down' && !compact
              ? 'color-mix(in srgb, var(--mui-palette-error-main) 10%, transparent)'
              : 'transparent',
        }}
      >
        <Box
          component="span"
          aria-hidden
          sx={{
            width: 8,
            height: 8,
            borderRadius: '50%',
            bgcolor: colours[tone],
            animation: tone === 'busy' ? 'breathe 1.6s ease-in-out infinite' : 'none',
            '@keyframes breathe': { '50%': { opacity: 0.25 } },
          }}
        />
        {text}
      </Box>
    </Tooltip>
  )
}

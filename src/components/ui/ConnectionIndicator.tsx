'use client'

import Box from '@mui/material/Box'
import { useSocketConnection } from '@/hooks/useSocketConnection'
import { connectionLabel } from './connectionLabel'
import { Tooltip } from './Tooltip'
import { unseen } from './VisuallyHidden'

const colours = {
  good: 'success.main',
  busy: 'text.secondary',
  slow: 'secondary.main',
  down: 'error.main',
} as const

/**
 * Small and calm; what changes is read aloud politely.
 * @param onlyTrouble a line across the page that is seen while the connection is not as it should be.
 */
export function ConnectionIndicator({ onlyTrouble = false }: { onlyTrouble?: boolean }) {
  const { tone, text, detail } = connectionLabel(useSocketConnection())
  const isUnseen = onlyTrouble && tone === 'good'

  return (
    <Tooltip title={detail}>
      <Box
        // A keyboard reaches the sentence in the tooltip this way.
        tabIndex={isUnseen ? -1 : 0}
        role="status"
        aria-description={detail}
        data-connection={tone}
        sx={{
          ...(isUnseen ? unseen : {}),
          display: onlyTrouble ? 'flex' : 'inline-flex',
          alignItems: 'center',
          justifyContent: 'center',
          gap: 0.9,
          px: 1.25,
          height: isUnseen ? '1px' : 30,
          borderRadius: onlyTrouble ? 0 : '15px',
          whiteSpace: 'nowrap',
          fontSize: '0.8125rem',
          fontWeight: 500,
          color: 'text.secondary',
          fontVariantNumeric: 'tabular-nums',
          bgcolor:
            tone === 'down' ? 'color-mix(in srgb, var(--mui-palette-error-main) 10%, transparent)' : 'transparent',
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

import Box from '@mui/material/Box'
import type { Measure } from './format'

interface Props {
  measure: Measure | string
  /** In rem. */
  size?: number
}

/** A number, with its unit small beside it. Digits keep their width, so that it does not jump while it counts. */
export function Figure({ measure, size = 0.9375 }: Props) {
  const { value, unit } = typeof measure === 'string' ? { value: measure, unit: '' } : measure
  return (
    <Box
      component="span"
      sx={{
        fontSize: `${size}rem`,
        fontWeight: size > 1.2 ? 640 : 560,
        letterSpacing: size > 1.2 ? '-0.02em' : 0,
        lineHeight: 1.15,
        whiteSpace: 'nowrap',
        fontVariantNumeric: 'tabular-nums',
        color: 'var(--figure)',
      }}
    >
      {value}
      {unit && (
        <Box
          component="span"
          sx={{ fontSize: '0.8125rem', fontWeight: 500, letterSpacing: 0, color: 'text.secondary' }}
        >
          {unit.startsWith('/') ? '' : '\u00a0'}
          {unit}
        </Box>
      )}
    </Box>
  )
}

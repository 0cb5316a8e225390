import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import type { ReactNode } from 'react'
import { Figure } from './Figure'
import type { Measure } from './format'

export interface Fact {
  label: string
  measure: Measure | string
  /** One more word on it. */
  hint?: string
  /** A share of the whole, 0 to 1, drawn as a bar. */
  share?: number
  /** Before the label. */
  mark?: ReactNode
}

/** Names and numbers, one below the other. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <Box
      component="dl"
      sx={{ m: 0, display: 'grid', '& > div + div': { borderTop: '1px solid', borderColor: 'divider' } }}
    >
      {facts.map((fact) => (
        <FactRow key={fact.label} {...fact} />
      ))}
    </Box>
  )
}

function FactRow({ label, measure, hint, share, mark }: Fact) {
  return (
    <Box
      sx={{
        position: 'relative',
        py: 0.9,
        display: 'grid',
        gridTemplateColumns: 'minmax(0, 1fr) auto',
        columnGap: 2,
        alignItems: 'center',
      }}
    >
      <Typography
        component="dt"
        variant="body2"
        sx={{ display: 'flex', alignItems: 'center', gap: 1, minWidth: 0, overflowWrap: 'anywhere' }}
      >
        {mark}
        <span>
          {label}
          {hint && (
            <Box component="span" sx={{ color: 'text.secondary' }}>
              {' '}
              {hint}
            </Box>
          )}
        </span>
      </Typography>
      <Box component="dd" sx={{ m: 0, textAlign: 'right' }}>
        <Figure measure={measure} />
        {share !== undefined && <Share share={share} />}
      </Box>
    </Box>
  )
}

/** Lies on the line between two rows. */
function Share({ share }: { share: number }) {
  return (
    <Box
      component="span"
      aria-hidden
      sx={{
        position: 'absolute',
        left: 0,
        right: 0,
        bottom: -2,
        height: 3,
        borderRadius: 2,
        bgcolor: 'primary.main',
        transformOrigin: 'left',
        transform: `scaleX(${Math.min(1, Math.max(0, share))})`,
      }}
    />
  )
}

import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import { memo } from 'react'
import { VisuallyHidden } from '../ui/VisuallyHidden'
import { Figure } from './Figure'
import type { Measure } from './format'
import { LevelIcon, levels } from './levels'
import type { Level } from './thresholds'

interface Props {
  label: string
  /** The unit apart from the value, as two strings: equal cards are then not rendered again. */
  value: string
  unit?: string
  /** A few words below the figure. */
  note: string
  /** Left out where a figure can be neither good nor bad. */
  level?: Level
}

/** One figure that says how things are, to be read at a glance. */
export const StatusCard = memo(function StatusCard({ label, value, unit = '', note, level }: Props) {
  const measure: Measure = { value, unit }
  return (
    <Box
      component="li"
      sx={{
        bgcolor: 'background.paper',
        border: '1px solid',
        borderColor: 'divider',
        borderRadius: '14px',
        px: 2,
        py: 1.75,
        minWidth: 0,
        display: 'grid',
        gap: 0.5,
        alignContent: 'start',
      }}
    >
      <Typography variant="body2" sx={{ display: 'flex', alignItems: 'center', gap: 0.75, color: 'text.secondary' }}>
        {label}
        {level && <LevelIcon level={level} sx={{ fontSize: 16, ml: 'auto' }} />}
        {level && <VisuallyHidden>: {levels[level].word}</VisuallyHidden>}
      </Typography>
      <Figure measure={measure} size={1.75} />
      <Typography variant="caption" sx={{ color: 'text.secondary', minHeight: '1.35em' }}>
        {note}
      </Typography>
    </Box>
  )
})

import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import { memo } from 'react'
import { VisuallyHidden } from '../ui/VisuallyHidden'
import { LevelIcon, levels } from './levels'
import { spoken, type Verdict } from './verdict'

interface Props {
  verdict: Verdict
  /** The figures are not live: what is said is of the past. */
  past: boolean
}

/** The answer to "is it well?", with the reason; read aloud when it changes, and only then. */
export const VerdictBanner = memo(function VerdictBanner({ verdict, past }: Props) {
  const { level, title, reason, findings } = verdict
  const { cssColour } = levels[level]
  return (
    <Box
      component="section"
      aria-label="Verdict"
      data-level={level}
      sx={{
        display: 'flex',
        gap: { xs: 1.5, md: 2 },
        p: { xs: 2, md: 2.5 },
        borderRadius: '14px',
        border: '1px solid',
        borderColor: `color-mix(in srgb, ${cssColour} 38%, transparent)`,
        bgcolor: `color-mix(in srgb, ${cssColour} 8%, var(--mui-palette-background-paper))`,
      }}
    >
      <LevelIcon level={level} sx={{ fontSize: { xs: 30, md: 38 }, mt: '1px' }} />
      <Box sx={{ minWidth: 0 }}>
        <Typography variant="h2" component="h2" sx={{ fontSize: { xs: '1.25rem', md: '1.5rem' } }}>
          {past ? 'Last known: ' : ''}
          {past ? title.charAt(0).toLowerCase() + title.slice(1) : title}
        </Typography>
        <Typography
          sx={{ mt: 0.5, color: 'text.secondary', fontVariantNumeric: 'tabular-nums', textWrap: 'pretty' }}
          data-verdict-reason
        >
          {reason}
        </Typography>
        {findings.length > 1 && (
          <Box component="ul" aria-label="Also" sx={{ m: 0, mt: 1, pl: 2.25, color: 'text.secondary' }}>
            {findings.slice(1).map(({ headline, detail }) => (
              <Typography key={headline} component="li" variant="body2" sx={{ fontVariantNumeric: 'tabular-nums' }}>
                <Box component="strong" sx={{ fontWeight: 600, color: 'text.primary' }}>
                  {headline}.
                </Box>{' '}
                {detail}
              </Typography>
            ))}
          </Box>
        )}
      </Box>
      <VisuallyHidden role="status" data-spoken-verdict>
        {past ? '' : spoken(verdict)}
      </VisuallyHidden>
    </Box>
  )
})

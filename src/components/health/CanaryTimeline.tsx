import Check from '@mui/icons-material/CheckRounded'
import Close from '@mui/icons-material/CloseRounded'
import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import { VisuallyHidden } from '../ui/VisuallyHidden'
import { Figure } from './Figure'
import { milliseconds } from './format'

export interface CanaryStage {
  name: string
  text: string
  /** Undefined: not there yet. */
  ms: number | undefined
}

interface Props {
  stages: readonly CanaryStage[]
  running: boolean
  failed: boolean
}

/** The stations of a message, in order, with the moment it passed each. */
export function CanaryTimeline({ stages, running, failed }: Props) {
  const reached = stages.filter(({ ms }) => ms !== undefined).length
  return (
    <Box
      component="ol"
      aria-label="Stations of the canary"
      sx={{
        listStyle: 'none',
        m: 0,
        p: 0,
        mt: 1,
        display: 'grid',
        width: '100%',
        gridTemplateColumns: 'repeat(4, minmax(0, 1fr))',
      }}
    >
      {stages.map(({ name, text, ms }, index) => {
        const done = ms !== undefined
        const lost = failed && !running && index === reached
        return (
          <Box component="li" key={name} sx={{ position: 'relative', pr: 1 }} data-reached={done}>
            {index < stages.length - 1 && (
              <Box
                aria-hidden
                sx={{
                  position: 'absolute',
                  top: 10,
                  left: 26,
                  right: 4,
                  height: 2,
                  borderRadius: 1,
                  bgcolor: index + 1 < reached ? 'success.main' : 'divider',
                }}
              />
            )}
            <Station state={done ? 'done' : lost ? 'lost' : running && index === reached ? 'next' : 'open'} />
            <Typography variant="body2" sx={{ fontWeight: 560, mt: 0.75, fontSize: '0.8125rem' }}>
              {name}
            </Typography>
            <Typography variant="caption" component="p" sx={{ color: 'text.secondary' }}>
              {text}
            </Typography>
            <Box sx={{ mt: 0.25 }}>
              {done ? (
                <Figure measure={milliseconds(ms)} />
              ) : (
                <Box component="span" sx={{ color: 'text.secondary' }}>
                  <span aria-hidden>–</span>
                  <VisuallyHidden>{lost ? 'Not reached' : 'Not yet'}</VisuallyHidden>
                </Box>
              )}
            </Box>
          </Box>
        )
      })}
    </Box>
  )
}

function Station({ state }: { state: 'done' | 'lost' | 'next' | 'open' }) {
  const filled = state === 'done' || state === 'lost'
  return (
    <Box
      aria-hidden
      sx={{
        width: 22,
        height: 22,
        borderRadius: '50%',
        display: 'grid',
        placeItems: 'center',
        border: '2px solid',
        borderColor:
          state === 'done'
            ? 'success.main'
            : state === 'lost'
              ? 'error.main'
              : state === 'next'
                ? 'primary.main'
                : 'divider',
        bgcolor: state === 'done' ? 'success.main' : state === 'lost' ? 'error.main' : 'transparent',
        color: 'background.paper',
        animation: state === 'next' ? 'breathe 1.2s ease-in-out infinite' : 'none',
        '@keyframes breathe': { '50%': { opacity: 0.35 } },
      }}
    >
      {filled && (state === 'done' ? <Check sx={{ fontSize: 15 }} /> : <Close sx={{ fontSize: 15 }} />)}
    </Box>
  )
}

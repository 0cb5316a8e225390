import DoneAllRounded from '@mui/icons-material/DoneAllRounded'
import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import { PersonAvatar } from '../ui/PersonAvatar'

const said = [
  { by: 'Mira', text: 'Train just went into the tunnel' },
  { by: 'Jonas', text: 'Keep typing, it will find me' },
  { by: 'Mira', text: 'And there it is' },
]

/** A drawing, not the product: two people's windows showing the same conversation. */
export function TwoWindows() {
  return (
    <Box
      aria-hidden
      sx={{ position: 'relative', height: { xs: 380, sm: 430 }, maxWidth: 600, width: '100%', mx: 'auto' }}
    >
      <ChatWindow viewer="Mira" other="Jonas" sx={{ left: 0, top: 0 }} />
      <ChatWindow viewer="Jonas" other="Mira" sx={{ right: 0, bottom: 0 }} />
    </Box>
  )
}

function ChatWindow({ viewer, other, sx }: { viewer: string; other: string; sx: object }) {
  return (
    <Box
      sx={{
        position: 'absolute',
        width: { xs: '82%', sm: '66%' },
        borderRadius: '18px',
        overflow: 'hidden',
        border: '1px solid',
        borderColor: 'divider',
        bgcolor: 'bubble.canvas',
        boxShadow: '0 24px 60px -24px rgba(9, 38, 31, 0.35)',
        ...sx,
      }}
    >
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 1.25, px: 2, height: 52, bgcolor: 'background.paper' }}>
        <PersonAvatar name={other} size={30} />
        <Typography variant="subtitle1" component="span" sx={{ flex: 1 }}>
          {other}
        </Typography>
        <Box sx={{ width: 8, height: 8, borderRadius: '50%', bgcolor: 'success.main' }} />
        <Typography variant="caption" component="span" sx={{ color: 'text.secondary', fontWeight: 500 }}>
          Live
        </Typography>
      </Box>
      <Box sx={{ display: 'flex', flexDirection: 'column', gap: 1, p: 2 }}>
        {said.map(({ by, text }) => {
          const mine = by === viewer
          return (
            <Box
              key={text}
              sx={{
                alignSelf: mine ? 'flex-end' : 'flex-start',
                display: 'flex',
                alignItems: 'flex-end',
                gap: 1,
                px: 1.75,
                py: 1,
                borderRadius: '18px',
                fontSize: '0.9375rem',
                bgcolor: mine ? 'bubble.own' : 'bubble.other',
                color: mine ? 'bubble.onOwn' : 'bubble.onOther',
              }}
            >
              {text}
              {mine && <DoneAllRounded sx={{ fontSize: 15, color: 'bubble.onOwnRead' }} />}
            </Box>
          )
        })}
      </Box>
    </Box>
  )
}

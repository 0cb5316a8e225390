import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'

const promises = [
  {
    title: 'Sent means kept',
    text: 'The tick appears after the database has committed. No crash of any process can take the message back.',
  },
  {
    title: 'Once, and in order',
    text: 'Everybody in a conversation sees the same messages in the same order: no gaps, no doubles.',
  },
  {
    title: 'It heals by itself',
    text: 'After a tunnel, a closed laptop or a restarted server the page fetches exactly what it missed.',
  },
  {
    title: 'It says where it stands',
    text: 'Live, delayed or offline with three waiting: you always see which, and can always go on writing.',
  },
]

export function Promises() {
  return (
    <Box
      component="ul"
      aria-label="What it promises"
      sx={{
        listStyle: 'none',
        p: 0,
        m: 0,
        mt: { xs: 8, md: 12 },
        display: 'grid',
        gap: { xs: 3, md: 4 },
        gridTemplateColumns: { xs: '1fr', sm: '1fr 1fr', lg: 'repeat(4, 1fr)' },
      }}
    >
      {promises.map(({ title, text }) => (
        <Box component="li" key={title} sx={{ borderTop: '2px solid', borderColor: 'primary.main', pt: 2 }}>
          <Typography variant="h3" component="h2">
            {title}
          </Typography>
          <Typography variant="body2" sx={{ color: 'text.secondary', mt: 0.75 }}>
            {text}
          </Typography>
        </Box>
      ))}
    </Box>
  )
}

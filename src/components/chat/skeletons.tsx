import Box from '@mui/material/Box'
import Skeleton from '@mui/material/Skeleton'

/** Widths in percent, uneven so that they look like text. */
const rowWidths = [48, 62, 40, 55, 70, 45, 58]
const bubbles = [
  { mine: false, width: 44 },
  { mine: false, width: 30 },
  { mine: true, width: 38 },
  { mine: false, width: 52 },
  { mine: true, width: 26 },
]

export function ConversationListSkeleton() {
  return (
    <Box aria-busy aria-label="Loading conversations" role="status" sx={{ px: 2.5, pt: 1 }}>
      {rowWidths.map((width) => (
        <Box key={width} sx={{ display: 'flex', gap: 1.5, py: 1.25, alignItems: 'center' }}>
          <Skeleton variant="circular" width={44} height={44} />
          <Box sx={{ flex: 1 }}>
            <Skeleton width={`${width}%`} height={22} />
            <Skeleton width={`${Math.min(90, width + 25)}%`} height={18} />
          </Box>
        </Box>
      ))}
    </Box>
  )
}

export function ConversationSkeleton() {
  return (
    <Box
      aria-busy
      aria-label="Loading messages"
      role="status"
      sx={{
        flex: 1,
        display: 'flex',
        flexDirection: 'column',
        justifyContent: 'flex-end',
        gap: 1,
        p: { xs: 2, md: 3 },
      }}
    >
      {bubbles.map(({ mine, width }) => (
        <Skeleton
          key={width}
          variant="rounded"
          width={`${width}%`}
          height={42}
          sx={{ alignSelf: mine ? 'flex-end' : 'flex-start', borderRadius: '18px' }}
        />
      ))}
    </Box>
  )
}

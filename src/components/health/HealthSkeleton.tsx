import Box from '@mui/material/Box'
import Skeleton from '@mui/material/Skeleton'
import { VisuallyHidden } from '../ui/VisuallyHidden'

/** Where the figures will be, before they are. */
export function HealthSkeleton() {
  const cards = ['a', 'b', 'c', 'd', 'e', 'f']
  return (
    <Box aria-busy sx={{ display: 'grid', gap: 2 }}>
      <VisuallyHidden>The figures are being loaded.</VisuallyHidden>
      <Skeleton variant="rounded" height={98} sx={{ borderRadius: '14px' }} />
      <Box
        sx={{
          display: 'grid',
          gap: { xs: 1.25, md: 2 },
          gridTemplateColumns: { xs: 'repeat(2, 1fr)', sm: 'repeat(3, 1fr)', lg: 'repeat(6, 1fr)' },
        }}
      >
        {cards.map((card) => (
          <Skeleton key={card} variant="rounded" height={112} sx={{ borderRadius: '14px' }} />
        ))}
      </Box>
      <Skeleton variant="rounded" height={440} sx={{ borderRadius: '14px' }} />
    </Box>
  )
}

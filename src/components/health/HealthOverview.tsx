import Box from '@mui/material/Box'
import type { MetricsSnapshot } from '@/contracts/admin'
import { StatusCard } from './StatusCard'
import { statusCards } from './statusCards'
import { VerdictBanner } from './VerdictBanner'
import { judge } from './verdict'

interface Props {
  snapshot: Pick<MetricsSnapshot, 'totals' | 'instances'>
  past: boolean
}

/** Says in ten seconds whether it is well: the verdict, and the figures it stands on. */
export function HealthOverview({ snapshot, past }: Props) {
  return (
    <Box sx={{ display: 'grid', gap: 2 }}>
      <VerdictBanner verdict={judge(snapshot)} past={past} />
      <Box
        component="ul"
        aria-label="Status"
        sx={{
          m: 0,
          p: 0,
          listStyle: 'none',
          display: 'grid',
          gap: { xs: 1.25, md: 2 },
          gridTemplateColumns: {
            xs: 'repeat(2, minmax(0, 1fr))',
            sm: 'repeat(3, minmax(0, 1fr))',
            lg: 'repeat(6, minmax(0, 1fr))',
          },
        }}
      >
        {statusCards(snapshot.totals, snapshot.instances).map((card) => (
          <StatusCard key={card.label} {...card} />
        ))}
      </Box>
    </Box>
  )
}

import Box from '@mui/material/Box'
import Skeleton from '@mui/material/Skeleton'
import type { HealthView } from '@/client/health/view'
import { useHealthMetrics } from '@/hooks/useHealthMetrics'
import { late } from '../ui/late'
import { SystemPage } from '../ui/SystemPage'
import { useSeen } from '../ui/useSeen'
import { ConnectionStats } from './ConnectionStats'
import { ErrorCodes } from './ErrorCodes'
import { EventChart } from './EventChart'
import { EventTypes } from './EventTypes'
import { figuresLook } from './figuresLook'
import { HealthNotice } from './HealthNotice'
import { HealthOverview } from './HealthOverview'
import { HealthSkeleton } from './HealthSkeleton'
import { InfrastructureStatus } from './InfrastructureStatus'
import { InstancesTable } from './InstancesTable'
import { LiveState } from './LiveState'
import { PresenceStats } from './PresenceStats'
import { RoomStats } from './RoomStats'

/** The grid is the largest part of this page, and all of this lies below what one sees first. */
const HealthDetails = late(
  async () => (await import('./HealthDetails')).HealthDetails,
  () => (
    <>
      <Skeleton variant="rounded" height={394} sx={{ borderRadius: '14px' }} />
      <Skeleton variant="rounded" height={382} sx={{ borderRadius: '14px' }} />
      <Skeleton variant="rounded" height={300} sx={{ borderRadius: '14px' }} />
    </>
  ),
)

/** Everything about the socket servers, live. */
export function HealthDashboard() {
  const { view, actions } = useHealthMetrics()
  const { snapshot, history, state, receivedAt } = view
  const isPast = state !== 'live' && state !== 'polling'
  const [details, areDetailsSeen] = useSeen()
  const usable = state === 'live' || state === 'late' ? actions : null

  return (
    <SystemPage title="Live figures" maxWidth={1320} aside={<LiveState state={state} receivedAt={receivedAt} />}>
      <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'minmax(0, 1fr)' }}>
        <HealthNotice {...view} />
        {snapshot === undefined ? (
          state !== 'refused' && <HealthSkeleton />
        ) : (
          <>
            <Figures view={{ snapshot, history }} isPast={isPast} isPolled={state === 'polling'} />
            <Box ref={details} sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'minmax(0, 1fr)' }}>
              <HealthDetails open={areDetailsSeen} actions={usable} />
            </Box>
          </>
        )}
      </Box>
    </SystemPage>
  )
}

interface FiguresProps {
  view: { snapshot: NonNullable<HealthView['snapshot']>; history: HealthView['history'] }
  isPast: boolean
  /** No instance holds this page's connection. */
  isPolled: boolean
}

function Figures({ view: { snapshot, history }, isPast, isPolled }: FiguresProps) {
  const { totals, instances, instance, at } = snapshot
  return (
    <Box
      sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'minmax(0, 1fr)', ...figuresLook(isPast) }}
      data-past={isPast}
    >
      <HealthOverview snapshot={snapshot} past={isPast} />
      <Box
        sx={{
          display: 'grid',
          gap: 2,
          gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'minmax(0, 2fr) minmax(0, 1fr)' },
        }}
      >
        <EventChart history={history} />
        <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'minmax(0, 1fr)', alignContent: 'start' }}>
          <EventTypes totals={totals} />
          <ErrorCodes totals={totals} />
        </Box>
      </Box>
      <Box
        sx={{
          display: 'grid',
          gap: 2,
          gridTemplateColumns: {
            xs: 'minmax(0, 1fr)',
            sm: 'repeat(2, minmax(0, 1fr))',
            lg: 'repeat(4, minmax(0, 1fr))',
          },
        }}
      >
        <ConnectionStats totals={totals} />
        <PresenceStats totals={totals} />
        <RoomStats totals={totals} processes={instances.length} />
        <InfrastructureStatus totals={totals} instances={instances} />
      </Box>
      <InstancesTable instances={instances} answeredBy={isPolled ? undefined : instance} at={at} />
    </Box>
  )
}

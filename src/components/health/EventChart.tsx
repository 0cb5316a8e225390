import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import { LineChart, lineClasses } from '@mui/x-charts/LineChart'
import { memo, useMemo } from 'react'
import type { HistoryPoint } from '@/contracts/admin'
import { HISTORY_MS } from '@/hooks/useHealthMetrics'
import { formatTime } from '../ui/clock'
import { ChartTable } from './ChartTable'
import { chartData, peaks } from './chartData'
import { inWords, milliseconds, perSecond } from './format'
import { Panel } from './Panel'

const colours = {
  inbound: 'var(--mui-palette-primary-main)',
  outbound: 'var(--mui-palette-secondary-dark)',
  latency: 'var(--mui-palette-info-main)',
}

const eventRate = (value: number | null) => (value === null ? '' : inWords(perSecond(value)))
const time = (value: number | null) => (value === null ? '' : inWords(milliseconds(value)))

const line = { showMark: false, curve: 'monotoneX', disableHighlight: false } as const
const look = {
  [`& .${lineClasses.line}`]: { strokeWidth: 2 },
  [`& .${lineClasses.area}`]: { opacity: 0.14 },
  '& .MuiChartsGrid-line': { stroke: 'var(--mui-palette-divider)', strokeDasharray: '2 4' },
  '& .MuiChartsAxis-root .MuiChartsAxis-tickLabel': {
    fill: 'var(--mui-palette-text-secondary)',
    fontVariantNumeric: 'tabular-nums',
  },
}

/** Throughput and latency of the last 15 minutes, one above the other on the same time axis; a table says the same. */
export const EventChart = memo(function EventChart({ history }: { history: readonly HistoryPoint[] }) {
  const data = useMemo(() => chartData(history), [history])
  const sums = useMemo(() => peaks(history), [history])
  const end = data.at.at(-1)?.getTime() ?? 0
  const axis = {
    data: data.at,
    scaleType: 'time' as const,
    min: new Date(end - HISTORY_MS),
    max: new Date(end),
    valueFormatter: (at: Date) => formatTime(at),
    tickLabelMinGap: 28,
    disableTicks: true,
    disableLine: true,
  }

  if (sums === undefined) {
    return (
      <Panel title="Last 15 minutes">
        <Typography sx={{ color: 'text.secondary', py: 6, textAlign: 'center' }}>
          The first point comes within five seconds.
        </Typography>
      </Panel>
    )
  }
  const throughput = `Throughput is ${inWords(perSecond(sums.throughputNow))} now, at most ${inWords(perSecond(sums.throughputMost))}.`
  const latency = `Commands take ${inWords(milliseconds(sums.latencyNow))} now, at most ${inWords(milliseconds(sums.latencyMost))}.`
  return (
    <Panel title="Last 15 minutes" aside={<Legend />}>
      <ChartTitle name="Events a second" summary={throughput} />
      <Box role="group" aria-label="Chart of events a second in the last 15 minutes">
        <LineChart
          height={230}
          {...chart}
          xAxis={[{ ...axis, position: 'none' }]}
          yAxis={[{ ...valueAxis, tickNumber: 4 }]}
          series={[
            {
              ...line,
              id: 'in',
              label: 'Received',
              data: data.inbound,
              area: true,
              color: colours.inbound,
              valueFormatter: eventRate,
            },
            {
              ...line,
              id: 'out',
              label: 'Sent',
              data: data.outbound,
              color: colours.outbound,
              valueFormatter: eventRate,
            },
          ]}
        />
      </Box>
      <ChartTitle name="Command time" summary={latency} />
      <Box role="group" aria-label="Chart of the command time in the last 15 minutes">
        <LineChart
          height={170}
          {...chart}
          xAxis={[{ ...axis, height: 26 }]}
          yAxis={[{ ...valueAxis, tickNumber: 3, valueFormatter: (value: number) => inWords(milliseconds(value)) }]}
          series={[
            {
              ...line,
              id: 'ms',
              label: 'Command time',
              data: data.latency,
              area: true,
              color: colours.latency,
              valueFormatter: time,
            },
          ]}
        />
      </Box>
      <ChartTable history={history} />
    </Panel>
  )
})

const chart = {
  skipAnimation: true,
  hideLegend: true,
  sx: look,
  margin: { left: 0, right: 24, top: 8, bottom: 0 },
  grid: { horizontal: true },
}

/** Quiet hours must not look like storms: the axis ends at 1 at least. */
const niceFromZero = (_min: number | { valueOf(): number }, max: number | { valueOf(): number }) => ({
  min: 0,
  max: Math.max(1, max.valueOf() * 1.15),
})

/** Wide enough for "500 ms", and the same for both charts, so that their times stand above each other. */
const valueAxis = { min: 0, width: 56, disableLine: true, disableTicks: true, domainLimit: niceFromZero }

function ChartTitle({ name, summary }: { name: string; summary: string }) {
  return (
    <Box
      sx={{
        display: 'flex',
        columnGap: 1.5,
        flexWrap: 'wrap',
        alignItems: 'baseline',
        '&:not(:first-of-type)': { mt: 2 },
      }}
    >
      <Typography variant="body2" component="h3" sx={{ fontWeight: 560 }}>
        {name}
      </Typography>
      <Typography variant="caption" sx={{ color: 'text.secondary' }}>
        {summary}
      </Typography>
    </Box>
  )
}

function Legend() {
  return (
    <Box aria-hidden sx={{ display: 'flex', gap: 2 }}>
      {[
        { name: 'Received', colour: colours.inbound, filled: true },
        { name: 'Sent', colour: colours.outbound, filled: false },
      ].map(({ name, colour, filled }) => (
        <Box key={name} component="span" sx={{ display: 'inline-flex', alignItems: 'center', gap: 0.75 }}>
          <Box
            component="span"
            sx={{
              width: 16,
              height: filled ? 10 : 0,
              borderTop: `2.5px solid ${colour}`,
              bgcolor: `color-mix(in srgb, ${colour} 22%, transparent)`,
            }}
          />
          {name}
        </Box>
      ))}
    </Box>
  )
}

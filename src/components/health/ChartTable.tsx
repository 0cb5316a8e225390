import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import { useId, useState } from 'react'
import type { HistoryPoint } from '@/contracts/admin'
import { formatTime } from '../ui/clock'
import { byMinute } from './chartData'
import { count, inWords, milliseconds, perSecond } from './format'

/** What the charts show, as numbers by the minute; made only while it is open. */
export function ChartTable({ history }: { history: readonly HistoryPoint[] }) {
  const [open, setOpen] = useState(false)
  const id = useId()
  return (
    <Box sx={{ mt: 1 }}>
      <Button
        size="small"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
        sx={{ ml: -0.5 }}
      >
        {open ? 'Hide the table' : 'Show as a table'}
      </Button>
      {open && (
        <Box id={id} role="group" aria-label="The charts as a table" tabIndex={0} sx={{ overflowX: 'auto', mt: 0.5 }}>
          <Box
            component="table"
            sx={{
              width: '100%',
              borderCollapse: 'collapse',
              fontSize: '0.8125rem',
              fontVariantNumeric: 'tabular-nums',
              '& th, & td': { textAlign: 'right', py: 0.5, px: 1, whiteSpace: 'nowrap', fontWeight: 450 },
              '& :is(th, td):first-child': { textAlign: 'left', pl: 0 },
              '& thead th': { color: 'text.secondary' },
              '& tbody tr': { borderTop: '1px solid', borderColor: 'divider' },
            }}
          >
            <thead>
              <tr>
                {['Minute', 'Received', 'Sent', 'Command time', 'Connections'].map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {byMinute(history).map(({ at, inbound, outbound, latency, connections }) => (
                <tr key={at}>
                  <th scope="row">{formatTime(new Date(at))}</th>
                  <td>{inWords(perSecond(inbound))}</td>
                  <td>{inWords(perSecond(outbound))}</td>
                  <td>{inWords(milliseconds(latency))}</td>
                  <td>{count(connections)}</td>
                </tr>
              ))}
            </tbody>
          </Box>
        </Box>
      )}
    </Box>
  )
}

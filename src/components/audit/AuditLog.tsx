'use client'

import Download from '@mui/icons-material/DownloadRounded'
import FactCheck from '@mui/icons-material/FactCheckOutlined'
import Refresh from '@mui/icons-material/RefreshRounded'
import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import IconButton from '@mui/material/IconButton'
import LinearProgress from '@mui/material/LinearProgress'
import Typography from '@mui/material/Typography'
import { useMemo, useState } from 'react'
import { type AuditFilter, auditQueries } from '@/contracts/audit'
import { toHttpRequest } from '@/contracts/httpRequest'
import { StatePanel } from '../ui/StatePanel'
import { SystemPage } from '../ui/SystemPage'
import { Tooltip } from '../ui/Tooltip'
import { useDocumentTitle } from '../ui/useDocumentTitle'
import { AuditEntry } from './AuditEntry'
import { AuditFilters, type FilterFields, noFilter } from './AuditFilters'
import { useAuditPages } from './useAuditPages'

/** Null: the end comes before the beginning. */
function filterOf({ actor, action, from, to }: FilterFields): AuditFilter | null {
  if (from && to && from >= to) return null
  return {
    ...(actor.trim() ? { actor: actor.trim() } : {}),
    ...(action ? { action } : {}),
    ...(from ? { from: new Date(from).toISOString() } : {}),
    ...(to ? { to: new Date(to).toISOString() } : {}),
  }
}

function exportAddress(filter: AuditFilter): string {
  const { path, query } = toHttpRequest(auditQueries.exportAudit, filter)
  return `${path}?${new URLSearchParams(query)}`
}

/** Who did what, when and from where; for those who may read it. */
export function AuditLog() {
  useDocumentTitle('Audit log')
  const [fields, setFields] = useState(noFilter)
  const filter = useMemo(() => filterOf(fields), [fields])
  const { entries, hasMore, busy, problem, more, again } = useAuditPages(filter)
  const isFiltered = Object.values(fields).some((value) => value !== '')
  const seen = useMemo(() => entries?.map(({ action }) => action) ?? [], [entries])

  return (
    <SystemPage
      title="Audit log"
      maxWidth={1100}
      aside={
        <Box sx={{ display: 'flex', gap: 1, alignItems: 'center' }}>
          <Tooltip title="Refresh">
            <IconButton aria-label="Refresh the audit log" onClick={again}>
              <Refresh />
            </IconButton>
          </Tooltip>
          <Button
            component="a"
            href={exportAddress(filter ?? {})}
            variant="outlined"
            size="small"
            startIcon={<Download />}
          >
            Export as CSV
          </Button>
        </Box>
      }
    >
      <AuditFilters
        fields={fields}
        seen={seen}
        problem={filter === null ? 'This is before “From”.' : undefined}
        onChange={setFields}
      />
      {problem && (
        <Alert severity="warning" sx={{ mb: 2 }}>
          {problem} {entries ? 'This is the log as it was last seen.' : ''}
        </Alert>
      )}
      <Box sx={{ height: 4 }}>{busy && <LinearProgress aria-label="Asking for entries" />}</Box>
      {entries && entries.length > 0 && (
        <Box
          component="ul"
          aria-label="Entries, newest first"
          sx={{
            m: 0,
            p: 0,
            listStyle: 'none',
            bgcolor: 'background.paper',
            border: '1px solid',
            borderColor: 'divider',
            borderRadius: '14px',
            overflow: 'hidden',
          }}
        >
          {entries.map((entry) => (
            <AuditEntry key={entry.id} entry={entry} />
          ))}
        </Box>
      )}
      {entries?.length === 0 && <Empty isFiltered={isFiltered} onClear={() => setFields(noFilter)} />}
      {hasMore && (
        <Box sx={{ display: 'grid', justifyItems: 'center', mt: 2 }}>
          <Button onClick={more} loading={busy}>
            Show older entries
          </Button>
        </Box>
      )}
      <Typography role="status" variant="body2" sx={{ color: 'text.secondary', mt: 2, textAlign: 'center' }}>
        {entries && entries.length > 0 && !hasMore ? 'There is nothing older.' : ''}
      </Typography>
    </SystemPage>
  )
}

function Empty({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  if (!isFiltered) {
    return (
      <StatePanel icon={<FactCheck />} title="Nothing has been kept yet">
        Sign-ins, connections and what administrators do appear here.
      </StatePanel>
    )
  }
  return (
    <StatePanel
      icon={<FactCheck />}
      title="Nothing matches"
      actions={<Button onClick={onClear}>Clear the filter</Button>}
    >
      No entry is of this person, action and time.
    </StatePanel>
  )
}

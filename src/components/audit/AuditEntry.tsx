import ExpandMore from '@mui/icons-material/ExpandMoreRounded'
import Box from '@mui/material/Box'
import ButtonBase from '@mui/material/ButtonBase'
import Collapse from '@mui/material/Collapse'
import Typography from '@mui/material/Typography'
import { memo, useId, useState } from 'react'
import type { AuditRecord } from '@/contracts/audit'
import { outcomeOf, wordOf, wordsOf } from './auditWords'

const clock = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })

/** One line of the log; what else is known of it when it is opened. */
export const AuditEntry = memo(function AuditEntry({ entry }: { entry: AuditRecord }) {
  const [open, setOpen] = useState(false)
  const id = useId()
  const isFine = entry.outcome === 'ok'

  return (
    <Box component="li" sx={{ borderTop: '1px solid', borderColor: 'divider', '&:first-of-type': { borderTop: 0 } }}>
      <ButtonBase
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
        sx={{
          width: '100%',
          display: 'grid',
          gridTemplateColumns: { xs: 'minmax(0, 1fr) auto', md: '190px minmax(0, 1fr) 190px 150px auto' },
          columnGap: 2,
          rowGap: 0.25,
          alignItems: 'center',
          textAlign: 'left',
          px: 2,
          py: 1.25,
          '&:hover': { bgcolor: 'action.hover' },
          '&:focus-visible': { outlineOffset: -2 },
        }}
      >
        <Typography
          component="time"
          dateTime={entry.at}
          variant="body2"
          sx={{ color: 'text.secondary', fontVariantNumeric: 'tabular-nums', gridColumn: '1' }}
        >
          {clock.format(new Date(entry.at))}
        </Typography>
        <Typography
          component="span"
          variant="body2"
          sx={{ gridColumn: { xs: '1', md: '2' }, overflowWrap: 'anywhere' }}
        >
          <strong>{entry.actor}</strong> {wordsOf(entry.action)}
        </Typography>
        <Typography
          component="span"
          variant="body2"
          sx={{
            gridColumn: { xs: '1', md: '3' },
            color: isFine ? 'text.secondary' : 'error.main',
            // A phone has room for what is not as usual.
            display: { xs: isFine ? 'none' : 'block', md: 'block' },
          }}
        >
          {outcomeOf(entry.outcome)}
        </Typography>
        <Typography
          component="span"
          variant="body2"
          sx={{
            gridColumn: { xs: '1', md: '4' },
            color: 'text.secondary',
            overflowWrap: 'anywhere',
            display: { xs: entry.address === null ? 'none' : 'block', md: 'block' },
          }}
        >
          {entry.address ?? '–'}
        </Typography>
        <ExpandMore
          fontSize="small"
          sx={{
            gridColumn: { xs: '2', md: '5' },
            gridRow: { xs: '1 / span 3', md: '1' },
            color: 'text.secondary',
            transform: open ? 'rotate(180deg)' : 'none',
          }}
        />
      </ButtonBase>
      <Collapse in={open} id={id} unmountOnExit>
        <Details entry={entry} />
      </Collapse>
    </Box>
  )
})

function Details({ entry }: { entry: AuditRecord }) {
  const facts: [string, unknown][] = [
    ['Action', entry.action],
    ['Outcome', entry.outcome],
    ['Person’s id', entry.actorId],
    ['Concerns', entry.target],
    ...Object.entries(entry.details),
    ['Came over', entry.transport],
    ['Page', entry.origin],
    ['Session', entry.sessionId],
    ['Correlation id', entry.correlationId],
  ]
  return (
    <Box
      component="dl"
      sx={{
        m: 0,
        px: 2,
        pb: 2,
        display: 'grid',
        gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: '150px minmax(0, 1fr)' },
        columnGap: 2,
        rowGap: { xs: 0, sm: 0.5 },
        typography: 'body2',
        '& dt': { color: 'text.secondary' },
        '& dd': { m: 0, mb: { xs: 1, sm: 0 }, overflowWrap: 'anywhere' },
      }}
    >
      {facts
        .filter(([, value]) => value !== null)
        .flatMap(([name, value]) => [<dt key={`${name} name`}>{name}</dt>, <dd key={name}>{wordOf(value)}</dd>])}
    </Box>
  )
}

import Box from '@mui/material/Box'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import { actionWords, labelOf } from './auditWords'

/** As the fields hold it; blank: everything. */
export interface FilterFields {
  actor: string
  action: string
  /** Local date and time, as `datetime-local` writes it. */
  from: string
  to: string
}

export const noFilter: FilterFields = { actor: '', action: '', from: '', to: '' }

interface Props {
  fields: FilterFields
  /** Actions that the log was seen to hold, beside those we have words for. */
  seen: readonly string[]
  /** What is wrong with the time, if anything. */
  problem: string | undefined
  onChange: (fields: FilterFields) => void
}

/** Who, what and when. */
export function AuditFilters({ fields, seen, problem, onChange }: Props) {
  const set = (name: keyof FilterFields) => (event: { target: { value: string } }) =>
    onChange({ ...fields, [name]: event.target.value })
  const actions = [...new Set([...Object.keys(actionWords), ...seen])].sort((a, b) =>
    labelOf(a).localeCompare(labelOf(b)),
  )
  const moment = { inputLabel: { shrink: true } }

  return (
    <Box
      component="search"
      aria-label="Filter"
      sx={{
        display: 'grid',
        gap: 1.5,
        mb: 2,
        gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: '1fr 1fr', md: '1.3fr 1.1fr 1fr 1fr' },
      }}
    >
      <TextField
        size="small"
        label="Who"
        placeholder="Beginning of a name, or an id"
        value={fields.actor}
        onChange={set('actor')}
        slotProps={{ ...moment, htmlInput: { maxLength: 120 } }}
      />
      <TextField
        select
        size="small"
        label="What"
        value={fields.action}
        onChange={set('action')}
        slotProps={{ ...moment, select: { displayEmpty: true } }}
      >
        <MenuItem value="">Everything</MenuItem>
        {actions.map((action) => (
          <MenuItem key={action} value={action}>
            {labelOf(action)}
          </MenuItem>
        ))}
      </TextField>
      <TextField
        size="small"
        type="datetime-local"
        label="From"
        value={fields.from}
        onChange={set('from')}
        slotProps={moment}
      />
      <TextField
        size="small"
        type="datetime-local"
        label="Until"
        value={fields.to}
        onChange={set('to')}
        error={problem !== undefined}
        helperText={problem}
        slotProps={moment}
      />
    </Box>
  )
}

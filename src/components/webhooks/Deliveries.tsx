import ExpandMore from '@mui/icons-material/ExpandMoreRounded'
import Refresh from '@mui/icons-material/RefreshRounded'
import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import ButtonBase from '@mui/material/ButtonBase'
import Collapse from '@mui/material/Collapse'
import IconButton from '@mui/material/IconButton'
import LinearProgress from '@mui/material/LinearProgress'
import Typography from '@mui/material/Typography'
import { useId, useState } from 'react'
import { type Webhook, type WebhookDelivery, webhookCommands } from '@/contracts/webhooks'
import { sentenceOf } from '@/hooks/sentenceOf'
import { useCommand } from '@/hooks/useCommand'
import { useDeliveries } from '@/hooks/useWebhooks'
import { Tooltip } from '../ui/Tooltip'
import { ReplaySpan } from './ReplaySpan'

const clock = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })

/** What was sent to a webhook, newest first, with what was answered; it can be sent again while the webhook is on. */
export function Deliveries({ webhook }: { webhook: Webhook }) {
  const { id, enabled } = webhook
  const { deliveries, hasMore, busy, problem, more, again } = useDeliveries(id)
  return (
    <Box>
      {enabled && <ReplaySpan webhook={webhook} onReplayed={again} />}
      <Box sx={{ display: 'flex', alignItems: 'center', justifyContent: 'space-between' }}>
        <Typography variant="subtitle1" component="h3">
          Deliveries of the last seven days
        </Typography>
        <Tooltip title="Refresh">
          <IconButton aria-label="Refresh the deliveries" onClick={again}>
            <Refresh />
          </IconButton>
        </Tooltip>
      </Box>
      <Box sx={{ height: 4 }}>{busy && <LinearProgress aria-label="Loading deliveries" />}</Box>
      {problem && <Alert severity="warning">{problem}</Alert>}
      {deliveries?.length === 0 && (
        <Typography role="status" sx={{ color: 'text.secondary', py: 2 }}>
          Nothing was to be told yet.
        </Typography>
      )}
      <Box component="ul" aria-label="Deliveries, newest first" sx={{ m: 0, p: 0, listStyle: 'none' }}>
        {deliveries?.map((delivery) => (
          <DeliveryEntry key={delivery.id} webhookId={id} delivery={delivery} canReplay={enabled} onReplayed={again} />
        ))}
      </Box>
      {hasMore && (
        <Button onClick={more} loading={busy}>
          Show older deliveries
        </Button>
      )}
    </Box>
  )
}

function stateOf({ status, answer, error, attempts }: WebhookDelivery): string {
  if (status === 'succeeded') return `Delivered, ${answer?.status ?? ''}`
  if (status === 'dead') return 'Given up'
  if (attempts === 0) return 'Waits'
  return error === null ? `Failed, ${answer?.status ?? ''}` : 'Failed'
}

interface EntryProps {
  webhookId: string
  delivery: WebhookDelivery
  canReplay: boolean
  onReplayed: () => void
}

function DeliveryEntry({ webhookId, delivery, canReplay, onReplayed }: EntryProps) {
  const call = useCommand()
  const [open, setOpen] = useState(false)
  const [problem, setProblem] = useState<string>()
  const detailsId = useId()
  const { id, type, status, attempts, createdAt, triedAt, dueAt, request, answer, error, eventId } = delivery

  const replay = () => {
    setProblem(undefined)
    call(webhookCommands.replayDelivery, { id: webhookId, deliveryId: id }).then(onReplayed, (thrown: unknown) =>
      setProblem(sentenceOf(thrown)),
    )
  }
  return (
    <Box component="li" sx={{ borderTop: '1px solid', borderColor: 'divider' }}>
      <ButtonBase
        aria-expanded={open}
        aria-controls={detailsId}
        onClick={() => setOpen(!open)}
        sx={{
          width: '100%',
          display: 'grid',
          gridTemplateColumns: { xs: 'minmax(0, 1fr) auto', sm: '190px minmax(0, 1fr) 160px auto' },
          columnGap: 2,
          alignItems: 'center',
          textAlign: 'left',
          py: 1,
          '&:hover': { bgcolor: 'action.hover' },
          '&:focus-visible': { outlineOffset: -2 },
        }}
      >
        <Typography component="time" dateTime={createdAt} variant="body2" sx={{ color: 'text.secondary' }}>
          {clock.format(new Date(createdAt))}
        </Typography>
        <Typography component="span" variant="body2" sx={{ gridColumn: { xs: 1, sm: 2 } }}>
          {type}
        </Typography>
        <Typography
          component="span"
          variant="body2"
          sx={{
            gridColumn: { xs: 1, sm: 3 },
            color: status === 'dead' || (attempts > 0 && status === 'pending') ? 'error.main' : 'text.secondary',
          }}
        >
          {stateOf(delivery)}
        </Typography>
        <ExpandMore
          fontSize="small"
          sx={{
            gridColumn: { xs: 2, sm: 4 },
            gridRow: { xs: '1 / span 3', sm: 1 },
            color: 'text.secondary',
            transform: open ? 'rotate(180deg)' : 'none',
          }}
        />
      </ButtonBase>
      <Collapse in={open} id={detailsId} unmountOnExit>
        <Box sx={{ pb: 2, display: 'grid', gap: 1, justifyItems: 'start' }}>
          <Typography variant="body2" sx={{ color: 'text.secondary' }}>
            {`${eventId} · ${attempts === 1 ? 'one attempt' : `${attempts} attempts`}`}
            {triedAt === null ? '' : `, the last ${clock.format(new Date(triedAt))}`}
            {dueAt === null ? '' : `, due ${clock.format(new Date(dueAt))}`}
          </Typography>
          <Text label="Request" text={request} />
          {answer && <Text label={`Answer ${answer.status}`} text={answer.body || '(empty)'} />}
          {error !== null && <Text label="No answer" text={error} />}
          {problem && <Alert severity="error">{problem}</Alert>}
          {canReplay && status !== 'pending' && (
            <Button size="small" onClick={replay}>
              Send again
            </Button>
          )}
        </Box>
      </Collapse>
    </Box>
  )
}

const Text = ({ label, text }: { label: string; text: string }) => (
  <Box sx={{ width: '100%' }}>
    <Typography variant="caption" sx={{ color: 'text.secondary' }}>
      {label}
    </Typography>
    <Box
      component="pre"
      sx={{
        m: 0,
        p: 1,
        maxHeight: 240,
        overflow: 'auto',
        whiteSpace: 'pre-wrap',
        overflowWrap: 'anywhere',
        fontSize: 13,
        bgcolor: 'action.hover',
        borderRadius: 1,
      }}
    >
      {text}
    </Box>
  </Box>
)

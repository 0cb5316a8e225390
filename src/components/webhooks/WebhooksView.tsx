'use client'

import Webhook from '@mui/icons-material/WebhookRounded'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import LinearProgress from '@mui/material/LinearProgress'
import { useState } from 'react'
import { useMay } from '@/hooks/useMay'
import { useWebhooks } from '@/hooks/useWebhooks'
import { Closed } from '../ui/Closed'
import { late } from '../ui/late'
import { Problem } from '../ui/Problem'
import { StatePanel } from '../ui/StatePanel'
import { SystemPage } from '../ui/SystemPage'
import { useDocumentTitle } from '../ui/useDocumentTitle'
import { WebhookRow } from './WebhookRow'

const NewWebhookDialog = late(async () => (await import('./NewWebhookDialog')).NewWebhookDialog)
const WebhookDialog = late(async () => (await import('./WebhookDialog')).WebhookDialog)

/** Who is told of what happens, and how that goes; for those who manage it. */
export function WebhooksView() {
  useDocumentTitle('Webhooks')
  const isOpen = useMay('admin:manage-webhooks')
  const { webhooks, busy, problem, again } = useWebhooks()
  const [making, setMaking] = useState(false)
  const [shownId, setShownId] = useState<string>()
  const [open, setOpen] = useState(false)
  const shown = webhooks?.find(({ id }) => id === shownId)

  if (!isOpen) return <Closed title="This page is closed to you" permission="admin:manage-webhooks" />

  const newOne = (
    <Button variant="outlined" size="small" onClick={() => setMaking(true)}>
      New webhook
    </Button>
  )
  return (
    <SystemPage title="Webhooks" maxWidth={960} aside={newOne}>
      <Box sx={{ height: 4 }}>{busy && <LinearProgress aria-label="Loading webhooks" />}</Box>
      <Problem text={problem} again={again} sx={{ my: 1.5 }} />
      {webhooks?.length === 0 && (
        <StatePanel icon={<Webhook />} title="Nobody is told">
          A webhook tells another service of what happens here: new messages, who comes and goes, notifications.
        </StatePanel>
      )}
      <Box component="ul" aria-label="Webhooks" sx={{ listStyle: 'none', m: 0, p: 0 }}>
        {webhooks?.map((webhook) => (
          <WebhookRow
            key={webhook.id}
            webhook={webhook}
            onOpen={() => {
              setShownId(webhook.id)
              setOpen(true)
            }}
          />
        ))}
      </Box>
      <NewWebhookDialog open={making} onClose={() => setMaking(false)} onMade={again} />
      {shown && (
        <WebhookDialog key={shown.id} open={open} webhook={shown} onClose={() => setOpen(false)} onChanged={again} />
      )}
    </SystemPage>
  )
}

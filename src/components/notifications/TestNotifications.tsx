'use client'

import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import { notificationQueries } from '@/contracts/notifications'
import { useCommand } from '@/hooks/useCommand'
import { Problem } from '../ui/Problem'
import { SystemPage } from '../ui/SystemPage'
import { useDocumentTitle } from '../ui/useDocumentTitle'
import { useSubmit } from '../ui/useSubmit'
import { NotificationAvatar } from './NotificationAvatar'
import { avatarSamples, kindSamples } from './testNotifications'

const BURST = 20

type Content = (typeof kindSamples)[number]['content']

/** For admins: sends oneself a notification of each kind, to see how they look and arrive. */
export function TestNotifications() {
  const { busy, failure, submit: attempt } = useSubmit([])
  const call = useCommand()
  useDocumentTitle('Test notifications')

  const send = (content: Content) => call(notificationQueries.createTestNotification, content)
  const sendMany = () =>
    attempt(async () => {
      for (let i = 1; i <= BURST; i++) await send({ title: `Number ${i} of ${BURST}`, message: 'One of many at once.' })
    })

  return (
    <SystemPage title="Test notifications" maxWidth={860}>
      <Box sx={{ display: 'grid', gap: 3 }}>
        <Typography sx={{ color: 'text.secondary' }}>
          Each button sends one to you, on all your devices, and to nobody else.
        </Typography>
        <Problem text={failure.message} />
        <Samples title="Kinds" samples={kindSamples} onSend={(content) => attempt(() => send(content))} />
        <Samples title="Pictures" samples={avatarSamples} onSend={(content) => attempt(() => send(content))} />
        <div>
          <Typography variant="h3" component="h2" sx={{ mb: 1.25 }}>
            Many
          </Typography>
          <Button variant="outlined" loading={busy} onClick={sendMany}>
            Send {BURST} at once
          </Button>
        </div>
      </Box>
    </SystemPage>
  )
}

interface SamplesProps {
  title: string
  samples: typeof kindSamples
  onSend: (content: Content) => void
}

function Samples({ title, samples, onSend }: SamplesProps) {
  return (
    <div>
      <Typography variant="h3" component="h2" sx={{ mb: 1.25 }}>
        {title}
      </Typography>
      <Box sx={{ display: 'grid', gap: 1.25, gridTemplateColumns: { xs: '1fr', sm: '1fr 1fr' } }}>
        {samples.map(({ name, content }) => (
          <Button
            key={name}
            variant="outlined"
            color="inherit"
            onClick={() => onSend(content)}
            sx={{ justifyContent: 'flex-start', gap: 1.5, p: 1.25, borderColor: 'divider', textAlign: 'left' }}
          >
            <NotificationAvatar notification={{ ...content, type: content.type ?? 'info' }} size={36} />
            {name}
          </Button>
        ))}
      </Box>
    </div>
  )
}

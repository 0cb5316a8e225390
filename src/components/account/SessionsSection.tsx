import ComputerRounded from '@mui/icons-material/ComputerRounded'
import SmartphoneRounded from '@mui/icons-material/SmartphoneRounded'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Chip from '@mui/material/Chip'
import List from '@mui/material/List'
import ListItem from '@mui/material/ListItem'
import Typography from '@mui/material/Typography'
import { accountCommands, type OwnSession } from '@/contracts/account'
import type { Call } from '@/hooks/useCommand'
import { Problem } from '../ui/Problem'
import { useSubmit } from '../ui/useSubmit'
import { Section } from './Section'

interface Props {
  sessions: OwnSession[]
  call: Call
  onChanged: () => Promise<void>
}

const time = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' })

/** Where one is signed in, and ending that. */
export function SessionsSection({ sessions, call, onChanged }: Props) {
  const { busy, failure, submit } = useSubmit([])
  const others = sessions.filter(({ current }) => !current)

  const end = (session: OwnSession) =>
    submit(async () => {
      await call(accountCommands.endSession, { id: session.id })
      await onChanged()
    })
  const endOthers = () =>
    submit(async () => {
      await call(accountCommands.endOtherSessions, undefined)
      await onChanged()
    })

  return (
    <Section title="Where you are signed in" hint="A session that you do not know is a reason to change your password.">
      <Problem text={failure.message} sx={{ mb: 1 }} />
      <List disablePadding aria-label="Your sessions">
        {sessions.map((session) => (
          <ListItem key={session.id} disableGutters divider sx={{ gap: 1.5, alignItems: 'center', py: 1.25 }}>
            <DeviceIcon device={session.device} />
            <Box sx={{ flex: 1, minWidth: 0 }}>
              <Typography sx={{ fontWeight: 560, overflowWrap: 'anywhere' }}>{nameOf(session)}</Typography>
              <Typography variant="body2" sx={{ color: 'text.secondary', overflowWrap: 'anywhere' }}>
                {[session.address, `last seen ${time.format(new Date(session.lastSeen))}`].filter(Boolean).join(' · ')}
              </Typography>
            </Box>
            {session.current ? (
              <Chip size="small" label="This one" color="primary" variant="outlined" />
            ) : (
              <Button
                size="small"
                color="inherit"
                variant="outlined"
                disabled={busy}
                onClick={() => end(session)}
                aria-label={`End the session of ${nameOf(session)}`}
                sx={{ borderColor: 'divider' }}
              >
                End
              </Button>
            )}
          </ListItem>
        ))}
      </List>
      {others.length > 0 && (
        <Button color="error" disabled={busy} onClick={endOthers} sx={{ mt: 1.5 }}>
          End all others
        </Button>
      )}
    </Section>
  )
}

const nameOf = ({ device }: OwnSession): string => device || 'A device that did not say what it is'

const DeviceIcon = ({ device }: { device: string }) => {
  const Icon = /Android|iOS|iPhone|iPad/.test(device) ? SmartphoneRounded : ComputerRounded
  return <Icon aria-hidden sx={{ color: 'text.secondary' }} />
}

import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import { type ReactNode, useState } from 'react'
import { type Account, peopleCommands } from '@/contracts/people'
import { useCommand } from '@/hooks/useCommand'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import { sessionsText } from './words'

interface Props {
  account: Account
  isSelf: boolean
  busy: boolean
  /** Runs an act; says why when it fails. */
  run: (act: () => Promise<unknown>) => Promise<unknown>
  onChanged: (account: Account) => void
}

/** Signing a person out everywhere, and closing or opening their account; each is asked for once more. */
export function AccountActions({ account, isSelf, busy, run, onChanged }: Props) {
  const call = useCommand()
  const [asked, setAsked] = useState<'sessions' | 'disable'>()
  const { id, name, sessions, disabled } = account

  const setDisabled = (value: boolean) =>
    run(async () => onChanged(await call(peopleCommands.changeAccount, { id, disabled: value })))
  const endSessions = () =>
    run(async () => {
      await call(peopleCommands.endSessionsOf, { id })
      onChanged({ ...account, sessions: 0 })
    })

  return (
    <>
      <Act title="Sessions" text={sessionsText(sessions)}>
        <Button color="error" size="small" disabled={busy || sessions === 0} onClick={() => setAsked('sessions')}>
          Sign out everywhere
        </Button>
      </Act>
      <Act title="Account" text={disabled ? 'Disabled: this person cannot sign in.' : 'Open: this person can sign in.'}>
        {disabled ? (
          <Button size="small" disabled={busy} onClick={() => setDisabled(false)}>
            Enable account
          </Button>
        ) : (
          <Button color="error" size="small" disabled={busy || isSelf} onClick={() => setAsked('disable')}>
            Disable account
          </Button>
        )}
      </Act>
      <ConfirmDialog
        open={asked === 'sessions'}
        title={`Sign ${name} out everywhere?`}
        confirm="Sign out"
        onClose={() => setAsked(undefined)}
        onConfirm={endSessions}
      >
        Their pages close their connections within seconds and ask them to sign in again. What they have written and not
        sent stays in their browsers.
      </ConfirmDialog>
      <ConfirmDialog
        open={asked === 'disable'}
        title={`Disable the account of ${name}?`}
        confirm="Disable"
        onClose={() => setAsked(undefined)}
        onConfirm={() => setDisabled(true)}
      >
        They are signed out everywhere within seconds and cannot sign in until the account is enabled again. Their
        messages stay.
      </ConfirmDialog>
    </>
  )
}

const Act = ({ title, text, children }: { title: string; text: string; children: ReactNode }) => (
  <Box sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 1 }}>
    <Box sx={{ flex: '1 1 160px' }}>
      <Typography variant="subtitle1" component="h3">
        {title}
      </Typography>
      <Typography variant="body2" sx={{ color: 'text.secondary' }}>
        {text}
      </Typography>
    </Box>
    {children}
  </Box>
)

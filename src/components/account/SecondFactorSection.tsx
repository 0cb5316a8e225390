import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { type AccountData, accountCommands, type TotpSetup } from '@/contracts/account'
import type { Call } from '@/hooks/useCommand'
import { CodeDialog } from './CodeDialog'
import { PasswordDialog } from './PasswordDialog'
import { RecoveryCodes } from './RecoveryCodes'
import { Section } from './Section'
import { TotpDialog } from './TotpDialog'

interface Props {
  account: AccountData
  call: Call
  onChanged: () => Promise<void>
}

/** An authenticator app beside the password. */
export function SecondFactorSection({ account, call, onChanged }: Props) {
  const { on, codesLeft, required } = account.secondFactor
  const [asking, setAsking] = useState<'password' | 'code'>()
  const [setup, setSetup] = useState<TotpSetup>()
  const [codes, setCodes] = useState<string[]>()

  return (
    <Section
      title="Second factor"
      hint="An app on your phone shows a code that is asked for besides your password. Whoever finds out the password alone stays outside."
    >
      {required && (
        <Alert severity="warning" sx={{ mb: 2 }}>
          {on
            ? 'Sign out and in again with your code: until then you can do what everybody can, and nothing that only administrators may.'
            : 'Administrators need one here. Until it is set up you can do what everybody can, and nothing that only administrators may.'}
        </Alert>
      )}
      {codes && <RecoveryCodes codes={codes} onDone={() => setCodes(undefined)} />}
      {!codes && on && (
        <>
          <Typography>
            It is on. {codesLeft === 1 ? 'One recovery code is' : `${codesLeft} recovery codes are`} left.
          </Typography>
          <Button color="error" onClick={() => setAsking('code')} sx={{ mt: 1, ml: -1 }}>
            Remove it
          </Button>
        </>
      )}
      {!codes && !on && (
        <Button variant="contained" onClick={() => setAsking('password')}>
          Set up
        </Button>
      )}
      <PasswordDialog
        open={asking === 'password'}
        title="Set up a second factor"
        text="You need an authenticator app, on your phone for instance."
        action="Continue"
        asks={account.hasPassword}
        onClose={() => setAsking(undefined)}
        onConfirm={async (password) =>
          setSetup(await call(accountCommands.startTotp, password === undefined ? {} : { password }))
        }
      />
      <TotpDialog
        setup={setup}
        onClose={() => setSetup(undefined)}
        onConfirm={async (code) => {
          const { recoveryCodes } = await call(accountCommands.confirmTotp, { code })
          setCodes(recoveryCodes)
          setSetup(undefined)
          await onChanged()
        }}
      />
      <CodeDialog
        open={asking === 'code'}
        onClose={() => setAsking(undefined)}
        onConfirm={async (code) => {
          await call(accountCommands.removeTotp, { code })
          await onChanged()
        }}
      />
    </Section>
  )
}

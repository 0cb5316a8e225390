import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { type AccountData, accountCommands, type TotpSetup } from '@/contracts/account'
import type { Call } from '@/hooks/useCommand'
import { AuthenticatorSetup } from './AuthenticatorSetup'
import { ProofDialog } from './ProofDialog'
import { proofOf } from './proofOf'
import { RecoveryCodes } from './RecoveryCodes'
import { Section } from './Section'

interface Props {
  account: AccountData
  call: Call
  onChanged: () => Promise<void>
}

/** An authenticator app beside the password. */
export function SecondFactorSection({ account, call, onChanged }: Props) {
  const { on, codesLeft, required } = account.secondFactor
  const [asking, setAsking] = useState<'set' | 'remove' | 'confirm'>()
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
          <Button color="error" onClick={() => setAsking('remove')} sx={{ mt: 1, ml: -1 }}>
            Remove it
          </Button>
        </>
      )}
      {!codes && !on && (
        <Button variant="contained" onClick={() => setAsking('set')}>
          Set up
        </Button>
      )}
      <ProofDialog
        open={asking === 'set'}
        title="Set up a second factor"
        action="Continue"
        proof={proofOf(account)}
        onClose={() => setAsking((now) => (now === 'set' ? undefined : now))}
        onConfirm={async ({ password }) => {
          setSetup(await call(accountCommands.startTotp, { password }))
          setAsking('confirm')
        }}
      >
        You need an authenticator app, on your phone for instance.
      </ProofDialog>
      <ProofDialog
        open={asking === 'confirm'}
        title="Scan this with your app"
        action="Turn on"
        asksCode
        onClose={() => setAsking(undefined)}
        onConfirm={async ({ code }) => {
          const { recoveryCodes } = await call(accountCommands.confirmTotp, { code })
          setCodes(recoveryCodes)
          await onChanged()
        }}
      >
        {setup && <AuthenticatorSetup {...setup} />}
      </ProofDialog>
      <ProofDialog
        open={asking === 'remove'}
        title="Remove the second factor?"
        action="Remove"
        danger
        proof={proofOf(account)}
        asksCode
        onClose={() => setAsking(undefined)}
        onConfirm={async ({ password, code }) => {
          await call(accountCommands.removeTotp, { password, code })
          await onChanged()
        }}
      >
        {account.hasPassword
          ? 'Afterwards your password alone opens this account. Give it, and a code of your app or a recovery code.'
          : 'Afterwards Google alone opens this account. Give a code of your app, or a recovery code.'}
      </ProofDialog>
    </Section>
  )
}

import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { type AccountData, accountCommands } from '@/contracts/account'
import type { Call } from '@/hooks/useCommand'
import { PasswordDialog } from './PasswordDialog'
import { Section } from './Section'
import { useSubmit } from './useSubmit'

interface Props {
  account: AccountData & { google: { email: string | null } }
  call: Call
  onChanged: () => Promise<void>
}

/** The account at Google that opens this one. */
export function GoogleSection({ account, call, onChanged }: Props) {
  const [asking, setAsking] = useState(false)
  const { busy, failure, submit } = useSubmit([])
  const { email } = account.google

  const unlink = () =>
    submit(async () => {
      await call(accountCommands.unlinkGoogle, undefined)
      await onChanged()
    })

  return (
    <Section title="Google" hint="Once linked, you can sign in here with your Google account.">
      {failure.message && (
        <Alert severity="error" sx={{ mb: 2 }}>
          {failure.message}
        </Alert>
      )}
      {email === null ? (
        <Button variant="outlined" color="inherit" onClick={() => setAsking(true)} sx={{ borderColor: 'divider' }}>
          Link a Google account
        </Button>
      ) : (
        <>
          <Typography sx={{ overflowWrap: 'anywhere' }}>Linked with {email}.</Typography>
          <Button color="error" disabled={busy} onClick={unlink} sx={{ mt: 1, ml: -1 }}>
            Unlink
          </Button>
        </>
      )}
      <PasswordDialog
        open={asking}
        title="Link a Google account"
        text="Google asks you which one, and sends you back here."
        action="Continue to Google"
        asks={account.hasPassword}
        onClose={() => setAsking(false)}
        onConfirm={async (password) => {
          const { url } = await call(accountCommands.linkGoogle, password === undefined ? {} : { password })
          window.location.assign(url)
        }}
      />
    </Section>
  )
}

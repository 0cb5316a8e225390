import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { type AccountData, accountCommands } from '@/contracts/account'
import type { Call } from '@/hooks/useCommand'
import { ProofDialog } from './ProofDialog'
import { proofOf } from './proofOf'
import { Section } from './Section'

interface Props {
  account: AccountData & { google: { email: string | null } }
  call: Call
  onChanged: () => Promise<void>
}

/** The account at Google that opens this one. */
export function GoogleSection({ account, call, onChanged }: Props) {
  const [asking, setAsking] = useState<'link' | 'unlink'>()
  const { email } = account.google

  return (
    <Section title="Google" hint="Once linked, you can sign in here with your Google account.">
      {email === null ? (
        <Button variant="outlined" color="inherit" onClick={() => setAsking('link')} sx={{ borderColor: 'divider' }}>
          Link a Google account
        </Button>
      ) : (
        <>
          <Typography sx={{ overflowWrap: 'anywhere' }}>Linked with {email}.</Typography>
          {account.hasPassword ? (
            <Button color="error" onClick={() => setAsking('unlink')} sx={{ mt: 1, ml: -1 }}>
              Unlink
            </Button>
          ) : (
            <Typography variant="body2" sx={{ color: 'text.secondary', mt: 0.5 }}>
              It is the only way into this account until you set a password.
            </Typography>
          )}
        </>
      )}
      <ProofDialog
        open={asking === 'link'}
        title="Link a Google account"
        action="Continue to Google"
        proof={proofOf(account)}
        onClose={() => setAsking(undefined)}
        onConfirm={async ({ password }) => {
          const { url } = await call(accountCommands.linkGoogle, { password })
          window.location.assign(url)
        }}
      >
        Google asks you which one, and sends you back here.
      </ProofDialog>
      <ProofDialog
        open={asking === 'unlink'}
        title="Unlink your Google account?"
        action="Unlink it"
        danger
        proof={proofOf(account)}
        onClose={() => setAsking(undefined)}
        onConfirm={async ({ password }) => {
          await call(accountCommands.unlinkGoogle, { password })
          await onChanged()
        }}
      >
        Afterwards you sign in with your password.
      </ProofDialog>
    </Section>
  )
}

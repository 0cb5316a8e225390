import Button from '@mui/material/Button'
import { useState } from 'react'
import { type AccountData, accountCommands } from '@/contracts/account'
import { useAuth } from '@/hooks/useAuth'
import type { Call } from '@/hooks/useCommand'
import { ProofDialog } from './ProofDialog'
import { proofOf } from './proofOf'
import { Section } from './Section'

/** Closing one's own account. */
export function DisableSection({ account, call }: { account: AccountData; call: Call }) {
  const [asking, setAsking] = useState(false)
  const { sessionEnded } = useAuth()

  return (
    <Section
      title="Disable this account"
      hint="You are signed out everywhere and cannot sign in any more. What you wrote stays. Only an administrator can open the account again."
    >
      <Button variant="outlined" color="error" onClick={() => setAsking(true)}>
        Disable my account
      </Button>
      <ProofDialog
        open={asking}
        title="Disable your account?"
        action="Disable it"
        danger
        proof={proofOf(account)}
        onClose={() => setAsking(false)}
        onConfirm={async ({ password }) => {
          await call(accountCommands.disableAccount, { password })
          sessionEnded()
        }}
      >
        Only an administrator can open it again.
      </ProofDialog>
    </Section>
  )
}

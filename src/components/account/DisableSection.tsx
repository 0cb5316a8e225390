import Button from '@mui/material/Button'
import { useState } from 'react'
import { accountCommands } from '@/contracts/account'
import { useAuth } from '@/hooks/useAuth'
import type { Call } from '@/hooks/useCommand'
import { PasswordDialog } from './PasswordDialog'
import { Section } from './Section'

/** Closing one's own account. */
export function DisableSection({ hasPassword, call }: { hasPassword: boolean; call: Call }) {
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
      <PasswordDialog
        open={asking}
        title="Disable your account?"
        text="Only an administrator can open it again."
        action="Disable it"
        danger
        asks={hasPassword}
        onClose={() => setAsking(false)}
        onConfirm={async (password) => {
          await call(accountCommands.disableAccount, password === undefined ? {} : { password })
          sessionEnded()
        }}
      />
    </Section>
  )
}

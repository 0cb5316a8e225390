import Button from '@mui/material/Button'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogContentText from '@mui/material/DialogContentText'
import { type FormEvent, type ReactNode, useState } from 'react'
import { CodeField } from '../auth/CodeField'
import { PasswordField } from '../auth/PasswordField'
import { Problem } from '../ui/Problem'
import { TitledDialog } from '../ui/TitledDialog'
import { useSubmit } from '../ui/useSubmit'
import { SignInAgain } from './SignInAgain'

interface Answers {
  /** Undefined where none is asked for. */
  password: string | undefined
  code: string
}

interface Props {
  open: boolean
  title: string
  /** Above the fields. */
  children: ReactNode
  action: string
  danger?: boolean
  /**
   * Before what should not happen on a computer somebody walked away from: their password, or that they sign in again where
   * they have none.
   */
  proof?: 'password' | 'sign-in'
  asksCode?: boolean
  onClose: () => void
  /** Its failure is shown here. */
  onConfirm: (answers: Answers) => Promise<void>
}

const none = { password: '', code: '' }

/** Asks once more before something is done to the account, and for what it takes. */
export function ProofDialog({ open, title, children, action, danger, proof, asksCode, onClose, onConfirm }: Props) {
  const [{ password, code }, setAnswers] = useState(none)
  const { busy, failure, submit, reset } = useSubmit(['password', 'code'])
  const asksPassword = proof === 'password'

  const close = () => {
    setAnswers(none)
    reset()
    onClose()
  }
  const confirm = async (event: FormEvent) => {
    event.preventDefault()
    if (await submit(() => onConfirm({ password: asksPassword ? password : undefined, code }))) close()
  }

  return (
    <TitledDialog title={title} open={open} onClose={busy ? undefined : close} onSubmit={confirm}>
      <DialogContent>
        <DialogContentText component="div" sx={{ mb: 2 }}>
          {children}
        </DialogContentText>
        <Problem text={failure.message} sx={{ mb: 2 }} />
        {proof === 'sign-in' && <SignInAgain />}
        {asksPassword && (
          <PasswordField
            label="Your password"
            autoComplete="current-password"
            autoFocus
            fullWidth
            value={password}
            onChange={({ target }) => setAnswers({ password: target.value, code })}
            error={failure.fields.password !== undefined}
            helperText={failure.fields.password}
            margin="dense"
          />
        )}
        {asksCode && (
          <CodeField
            autoFocus={!asksPassword}
            fullWidth
            margin="dense"
            value={code}
            onChange={({ target }) => setAnswers({ password, code: target.value })}
            problem={failure.fields.code}
          />
        )}
      </DialogContent>
      <DialogActions>
        <Button onClick={close} color="inherit" disabled={busy}>
          Cancel
        </Button>
        <Button type="submit" variant="contained" color={danger ? 'error' : 'primary'} loading={busy}>
          {action}
        </Button>
      </DialogActions>
    </TitledDialog>
  )
}

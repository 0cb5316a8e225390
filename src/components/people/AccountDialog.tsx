import CloseRounded from '@mui/icons-material/CloseRounded'
import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import IconButton from '@mui/material/IconButton'
import type { Theme } from '@mui/material/styles'
import Typography from '@mui/material/Typography'
import useMediaQuery from '@mui/material/useMediaQuery'
import { useId, useState } from 'react'
import { type Account, type AccountsPage, peopleCommands } from '@/contracts/people'
import { may } from '@/contracts/permissions'
import type { CurrentUser } from '@/contracts/users'
import { useCommand } from '@/hooks/useCommand'
import { useSubmit } from '../ui/useSubmit'
import { AccountActions } from './AccountActions'
import { PermissionSwitches } from './PermissionSwitches'
import { changesOf, draftOf } from './permissionDraft'
import { RoleChoice } from './RoleChoice'

interface Props {
  open: boolean
  account: Account
  /** Who looks. */
  me: CurrentUser
  roles: AccountsPage['roles']
  onClose: () => void
  onChanged: (account: Account) => void
}

/** One person's role, permissions and sessions. Role and permissions change when they are saved, the rest at once. */
export function AccountDialog({ open, account, me, roles, onClose, onChanged }: Props) {
  const call = useCommand()
  const [draft, setDraft] = useState(() => draftOf(account))
  const { busy, failure, submit: run, reset } = useSubmit([])
  const titleId = useId()
  const isPhone = useMediaQuery((theme: Theme) => theme.breakpoints.down('sm'))
  const isSelf = account.id === me.id
  const changes = changesOf(account, draft)

  const save = () =>
    run(async () => {
      if (!changes) return
      const after = await call(peopleCommands.changeAccount, { id: account.id, ...changes })
      setDraft(draftOf(after))
      onChanged(after)
      onClose()
    })
  const close = () => {
    if (busy) return
    setDraft(draftOf(account))
    reset()
    onClose()
  }

  return (
    <Dialog open={open} onClose={close} fullWidth maxWidth="sm" fullScreen={isPhone} aria-labelledby={titleId}>
      <DialogTitle id={titleId} variant="h3" component="h2" sx={{ pr: 7, pt: 2.5, overflowWrap: 'anywhere' }}>
        {account.name}
        <Typography variant="body2" component="span" sx={{ display: 'block', color: 'text.secondary' }}>
          {account.email}
        </Typography>
      </DialogTitle>
      <IconButton aria-label="Close" onClick={close} sx={{ position: 'absolute', right: 12, top: 12 }}>
        <CloseRounded />
      </IconButton>
      <DialogContent sx={{ display: 'grid', gap: 2.5, alignContent: 'start' }}>
        {isSelf && (
          <Alert severity="info">This is your own account: another administrator can change your rights.</Alert>
        )}
        <RoleChoice role={draft.role} disabled={isSelf || busy} onChange={(role) => setDraft({ ...draft, role })} />
        <PermissionSwitches
          draft={draft}
          roles={roles}
          // Nobody gives what they do not hold, and nobody takes their own admin rights.
          isOpen={(permission, on) =>
            !busy && (on ? !(isSelf && permission.startsWith('admin:')) : may(me, permission))
          }
          onChange={setDraft}
        />
        <AccountActions account={account} isSelf={isSelf} busy={busy} run={run} onChanged={onChanged} />
      </DialogContent>
      <Box sx={{ px: 3 }}>{failure.message && <Alert severity="error">{failure.message}</Alert>}</Box>
      <DialogActions sx={{ px: 3, pb: 2.5, pt: 2 }}>
        <Button onClick={close} color="inherit" disabled={busy}>
          Cancel
        </Button>
        <Button onClick={save} variant="contained" loading={busy} disabled={!changes}>
          Save
        </Button>
      </DialogActions>
    </Dialog>
  )
}

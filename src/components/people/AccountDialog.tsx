import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import type { Theme } from '@mui/material/styles'
import useMediaQuery from '@mui/material/useMediaQuery'
import { useState } from 'react'
import { type Account, type AccountsPage, peopleCommands } from '@/contracts/people'
import { may } from '@/contracts/permissions'
import type { CurrentUser } from '@/contracts/users'
import { useCommand } from '@/hooks/useCommand'
import { Problem } from '../ui/Problem'
import { TitledDialog } from '../ui/TitledDialog'
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
    <TitledDialog
      title={account.name}
      detail={account.email}
      open={open}
      onClose={close}
      closeButton={close}
      maxWidth="sm"
      fullScreen={isPhone}
    >
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
      <Problem text={failure.message} sx={{ mx: 3 }} />
      <DialogActions sx={{ pt: 2 }}>
        <Button onClick={close} color="inherit" disabled={busy}>
          Cancel
        </Button>
        <Button onClick={save} variant="contained" loading={busy} disabled={!changes}>
          Save
        </Button>
      </DialogActions>
    </TitledDialog>
  )
}

'use client'

import SearchRounded from '@mui/icons-material/SearchRounded'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import InputAdornment from '@mui/material/InputAdornment'
import LinearProgress from '@mui/material/LinearProgress'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import type { Account } from '@/contracts/people'
import { useAccounts } from '@/hooks/useAccounts'
import { useAuth } from '@/hooks/useAuth'
import { useMay } from '@/hooks/useMay'
import { Closed } from '../ui/Closed'
import { Problem } from '../ui/Problem'
import { SystemPage } from '../ui/SystemPage'
import { AccountDialog } from './AccountDialog'
import { AccountRow } from './AccountRow'
import { InviteDialog } from './InviteDialog'

/** Everybody with an account: what they may do, and whether they may come in. */
export function PeopleView() {
  const { user } = useAuth()
  const isOpen = useMay('admin:manage-users')
  const [typed, setTyped] = useState('')
  const { users, roles, hasMore, busy, problem, more, again, put } = useAccounts(typed)
  const [shown, setShown] = useState<Account>()
  const [open, setOpen] = useState(false)
  const [inviting, setInviting] = useState(false)
  // Each opening begins with the account as it is then.
  const [openings, setOpenings] = useState(0)
  const query = typed.trim()

  if (!user || !isOpen) return <Closed title="This page is closed to you" permission="admin:manage-users" />

  return (
    <SystemPage
      title="People"
      maxWidth={960}
      aside={
        <Button variant="outlined" size="small" onClick={() => setInviting(true)}>
          Invite somebody
        </Button>
      }
    >
      <InviteDialog open={inviting} onClose={() => setInviting(false)} />
      <TextField
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
        placeholder="Search by name or e-mail"
        type="search"
        size="small"
        fullWidth
        slotProps={{
          input: {
            startAdornment: (
              <InputAdornment position="start">
                <SearchRounded fontSize="small" />
              </InputAdornment>
            ),
          },
          htmlInput: { 'aria-label': 'Search people', maxLength: 100 },
        }}
        sx={{ maxWidth: { sm: 420 } }}
      />
      <Box sx={{ height: 4, mt: 1.5 }}>{busy && <LinearProgress aria-label="Loading people" />}</Box>
      <Problem text={problem} again={again} sx={{ my: 1.5 }} />
      {!busy && problem === undefined && users?.length === 0 && (
        <Typography role="status" sx={{ color: 'text.secondary', py: 6, textAlign: 'center' }}>
          {query ? `Nobody's name or address holds “${query}”.` : 'Nobody has an account yet.'}
        </Typography>
      )}
      <Box component="ul" aria-label="People" sx={{ listStyle: 'none', m: 0, p: 0 }}>
        {users?.map((account) => (
          <AccountRow
            key={account.id}
            account={account}
            isSelf={account.id === user.id}
            onOpen={() => {
              setShown(account)
              setOpen(true)
              setOpenings((count) => count + 1)
            }}
          />
        ))}
      </Box>
      {hasMore && (
        <Box sx={{ display: 'flex', justifyContent: 'center', pt: 2 }}>
          <Button onClick={more} disabled={busy}>
            Show more people
          </Button>
        </Box>
      )}
      {shown && (
        <AccountDialog
          key={openings}
          open={open}
          account={shown}
          me={user}
          roles={roles}
          onClose={() => setOpen(false)}
          onChanged={(account) => {
            put(account)
            setShown(account)
          }}
        />
      )}
    </SystemPage>
  )
}

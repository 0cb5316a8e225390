'use client'

import GroupAddOutlined from '@mui/icons-material/GroupAddOutlined'
import Button from '@mui/material/Button'
import DialogContent from '@mui/material/DialogContent'
import LinearProgress from '@mui/material/LinearProgress'
import { useState } from 'react'
import type { Person } from '@/contracts/users'
import { Problem } from '../ui/Problem'
import { TitledDialog } from '../ui/TitledDialog'
import { useSubmit } from '../ui/useSubmit'
import { composerId } from './Composer'
import { NewGroup } from './NewGroup'
import { PeoplePicker } from './PeoplePicker'
import { wantsToType } from './useInitialFocus'

interface Props {
  open: boolean
  /** Who is looked for at first. */
  name: string
  onClose: () => void
  /** Opens the conversation; the dialog stays, with the reason, when that fails. */
  onPick: (person: Person) => Promise<void>
  /** Makes a group and opens it. @throws what it failed with. */
  onMakeGroup: (name: string, people: readonly Person[]) => Promise<void>
}

/** Who to write to: one person, or several as a group. */
export function NewConversationDialog({ open, name, onClose, onPick, onMakeGroup }: Props) {
  const { busy, failure, submit } = useSubmit([])
  // The conversation has the focus then.
  const [picked, setPicked] = useState(false)
  const [isGroup, setIsGroup] = useState(false)

  const leave = () => {
    // A conversation that was open already does not take the focus by itself.
    if (picked && wantsToType()) document.getElementById(composerId)?.focus()
    setPicked(false)
    setIsGroup(false)
  }

  const pick = (person: Person) =>
    submit(async () => {
      await onPick(person)
      setPicked(true)
    })

  return (
    <TitledDialog
      title={isGroup ? 'New group' : 'New conversation'}
      open={open}
      onClose={onClose}
      closeButton={onClose}
      disableRestoreFocus={picked}
      slotProps={{ transition: { onExited: leave } }}
    >
      {busy && (
        <LinearProgress
          aria-label="Opening the conversation"
          sx={{ position: 'absolute', top: 0, left: 0, right: 0 }}
        />
      )}
      <DialogContent sx={{ pb: 1 }}>
        <Problem text={failure.message} sx={{ mb: 1.5 }} />
        {isGroup ? (
          <NewGroup
            onMake={async (...group) => {
              await onMakeGroup(...group)
              setPicked(true)
            }}
          />
        ) : (
          <>
            <PeoplePicker name={name} busy={busy} onPick={pick} />
            <Button startIcon={<GroupAddOutlined />} onClick={() => setIsGroup(true)} sx={{ mb: 1 }}>
              New group
            </Button>
          </>
        )}
      </DialogContent>
    </TitledDialog>
  )
}

import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import { useId, useState } from 'react'
import type { Participant, Room } from '@/contracts/chat'
import { useSetBlocked } from '@/hooks/useBlocks'
import { useGroup } from '@/hooks/useGroup'
import { CloseButton } from '../ui/CloseButton'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import { PersonAvatar } from '../ui/PersonAvatar'
import { Problem } from '../ui/Problem'
import { useSubmit } from '../ui/useSubmit'
import { BlockPerson } from './BlockPerson'
import { GroupDescription } from './GroupDescription'
import { LastSeen } from './LastSeen'
import { Members } from './Members'
import { PresenceDot } from './PresenceDot'
import { RoomPreferences } from './RoomPreferences'

interface Props {
  open: boolean
  room: Room
  participants: readonly Participant[]
  myId: string
  /** Whether this person may write, and so change a group. */
  mayWrite: boolean
  onClose: () => void
  /** This person is in the group no more. */
  onLeft: () => void
}

/** What there is to know and to choose about a conversation: of a group also who is in it. */
export function RoomPanel({ open, room, participants, myId, mayWrite, onClose, onLeft }: Props) {
  const { leave, setPreferences } = useGroup(room.id)
  const setBlocked = useSetBlocked()
  const { busy, failure, submit: run } = useSubmit([])
  const [leaving, setLeaving] = useState(false)
  const titleId = useId()
  const name = room.name ?? 'Conversation'
  const isGroup = room.kind === 'group'
  const blocked = room.blocked === true
  const manages = mayWrite && (room.role === 'owner' || room.role === 'admin')

  return (
    <Dialog open={open} onClose={onClose} fullWidth maxWidth="xs" aria-labelledby={titleId}>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 1.5, pl: 3, pr: 7, pt: 2.5, pb: 1 }}>
        <PresenceDot userId={blocked ? undefined : room.partnerId}>
          <PersonAvatar name={name} image={room.avatarImage} size={48} />
        </PresenceDot>
        <Box sx={{ minWidth: 0 }}>
          <DialogTitle id={titleId} variant="h3" component="h2" sx={{ p: 0, overflowWrap: 'anywhere' }}>
            <bdi>{name}</bdi>
          </DialogTitle>
          {room.partnerId && !blocked && <LastSeen userId={room.partnerId} />}
        </Box>
      </Box>
      <CloseButton onClick={onClose} />
      <DialogContent sx={{ pt: 0 }}>
        <Problem text={failure.message} sx={{ mb: 1.5 }} />
        <RoomPreferences room={room} busy={busy} onChange={(change) => void run(() => setPreferences(change))} />
        {room.partnerId && (
          <BlockPerson
            name={name}
            blocked={blocked}
            busy={busy}
            onChange={(on) => void run(() => setBlocked(room.partnerId ?? '', on))}
          />
        )}
        {isGroup && (
          <>
            {manages && <GroupDescription room={room} />}
            <Members
              room={room}
              version={versionOf(room, participants)}
              myId={myId}
              manages={manages}
              busy={busy}
              run={run}
            />
            <Button color="error" onClick={() => setLeaving(true)} disabled={busy} sx={{ mt: 2, ml: -1 }}>
              Leave the group
            </Button>
            <ConfirmDialog
              open={leaving}
              title={`Leave “${name}”?`}
              confirm="Leave"
              onClose={() => setLeaving(false)}
              onConfirm={async () => {
                if (await run(leave)) onLeft()
              }}
            >
              You will not see it any more. Somebody in it can bring you back.
            </ConfirmDialog>
          </>
        )}
      </DialogContent>
    </Dialog>
  )
}

const versionOf = ({ memberCount }: Room, participants: readonly Participant[]) =>
  [memberCount, ...participants.map(({ id, role }) => `${id} ${role}`)].join()

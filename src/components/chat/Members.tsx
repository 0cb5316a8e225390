import CheckRounded from '@mui/icons-material/CheckRounded'
import GroupAddOutlined from '@mui/icons-material/GroupAddOutlined'
import MoreVertRounded from '@mui/icons-material/MoreVertRounded'
import PersonRemoveOutlined from '@mui/icons-material/PersonRemoveOutlined'
import RadioButtonUncheckedRounded from '@mui/icons-material/RadioButtonUncheckedRounded'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Stack from '@mui/material/Stack'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import type { Participant, Room } from '@/contracts/chat'
import { type GroupRole, groupRoles } from '@/contracts/chatShapes'
import type { Person } from '@/contracts/users'
import { useGroup } from '@/hooks/useGroup'
import { useMembers } from '@/hooks/useMembers'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import type { MenuEntry } from '../ui/EntriesMenu'
import { MenuButton } from '../ui/MenuButton'
import { PersonAvatar } from '../ui/PersonAvatar'
import { Problem } from '../ui/Problem'
import { PeopleChoice } from './PeopleChoice'
import { PresenceDot } from './PresenceDot'

const roleNames: Record<GroupRole, string> = { owner: 'Owner', admin: 'Admin', member: 'Member' }

interface Props {
  room: Room
  /** Says something else whenever they have changed. */
  version: string
  myId: string
  /** Whether this person may add and remove. */
  manages: boolean
  busy: boolean
  /** Runs an act; says why when it fails. */
  run: (act: () => Promise<unknown>) => Promise<boolean>
}

/** Who is in a group, and what each of them is; who may adds and removes people here. */
export function Members({ room, version, myId, manages, busy, run }: Props) {
  const { remove, setRole } = useGroup(room.id)
  const { members, hasMore, busy: loading, problem, more, again } = useMembers(room.id, version)
  const [removing, setRemoving] = useState<{ person: Participant; open: boolean }>()
  const act = async (action: () => Promise<unknown>) => {
    await run(action)
    again()
  }

  const entriesFor = (person: Participant): MenuEntry[] => {
    const entries: MenuEntry[] = []
    if (room.role === 'owner') {
      for (const role of groupRoles) {
        const chosen = person.role === role
        entries.push({
          label: roleNames[role],
          Icon: chosen ? CheckRounded : RadioButtonUncheckedRounded,
          chosen,
          act: () => void act(() => setRole(person.id, role)),
        })
      }
    }
    // Admins remove no owner; one leaves a group, and does not remove oneself.
    if (person.id !== myId && (room.role === 'owner' || person.role !== 'owner')) {
      entries.push({
        label: 'Remove from the group',
        Icon: PersonRemoveOutlined,
        act: () => setRemoving({ person, open: true }),
      })
    }
    return entries
  }

  return (
    <Box component="section" aria-label="Members" sx={{ mt: 2 }}>
      <Typography variant="subtitle1" component="h3">
        {room.memberCount} {room.memberCount === 1 ? 'member' : 'members'}
      </Typography>
      {manages && <AddPeople room={room} busy={busy} run={run} onAdded={again} />}
      <Problem text={problem} again={again} sx={{ my: 1 }} />
      <Box component="ul" aria-busy={loading} sx={{ p: 0, m: 0, mt: 1, listStyle: 'none' }}>
        {members.map((person) => {
          const entries = manages ? entriesFor(person) : []
          return (
            <Box component="li" key={person.id} sx={{ display: 'flex', alignItems: 'center', gap: 1.5, minHeight: 52 }}>
              <PresenceDot userId={person.id === myId ? undefined : person.id}>
                <PersonAvatar name={person.name} image={person.avatarImage} size={38} />
              </PresenceDot>
              <Box sx={{ flex: 1, minWidth: 0 }}>
                <Typography noWrap>
                  <bdi>{person.name}</bdi>
                  {person.id === myId && ' (you)'}
                </Typography>
                {person.role !== 'member' && (
                  <Typography variant="body2" sx={{ color: 'text.secondary' }}>
                    {roleNames[person.role]}
                  </Typography>
                )}
              </Box>
              {entries.length > 0 && (
                <MenuButton
                  label={`Options for ${person.name}`}
                  tooltip="Role and removal"
                  menuLabel={`Options for ${person.name}`}
                  Icon={MoreVertRounded}
                  entries={entries}
                />
              )}
            </Box>
          )
        })}
      </Box>
      {hasMore && (
        <Button onClick={more} disabled={loading}>
          Show more members
        </Button>
      )}
      <ConfirmDialog
        open={removing?.open === true}
        title={`Remove ${removing?.person.name} from the group?`}
        confirm="Remove"
        onClose={() => setRemoving(removing && { ...removing, open: false })}
        onConfirm={() => removing && void act(() => remove(removing.person.id))}
      >
        The conversation disappears for them at once. They can be added again.
      </ConfirmDialog>
    </Box>
  )
}

interface AddPeopleProps extends Pick<Props, 'room' | 'busy' | 'run'> {
  onAdded: () => void
}

function AddPeople({ room, busy, run, onAdded }: AddPeopleProps) {
  const { add } = useGroup(room.id)
  const [chosen, setChosen] = useState<Person[]>()
  const save = async () => {
    if (!chosen || !(await run(() => add(chosen.map(({ id }) => id))))) return
    setChosen(undefined)
    onAdded()
  }

  if (!chosen) {
    return (
      <Button startIcon={<GroupAddOutlined />} onClick={() => setChosen([])} sx={{ ml: -1 }}>
        Add people
      </Button>
    )
  }
  return (
    <Box role="group" aria-label="Add people" sx={{ mt: 1.5 }}>
      <PeopleChoice chosen={chosen} busy={busy} onChange={setChosen} />
      <Stack direction="row" sx={{ gap: 1, my: 1 }}>
        <Button variant="contained" onClick={save} loading={busy} disabled={chosen.length === 0}>
          Add to the group
        </Button>
        <Button color="inherit" onClick={() => setChosen(undefined)} disabled={busy}>
          Cancel
        </Button>
      </Stack>
    </Box>
  )
}

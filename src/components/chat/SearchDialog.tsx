import CloseRounded from '@mui/icons-material/CloseRounded'
import SearchRounded from '@mui/icons-material/SearchRounded'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import CircularProgress from '@mui/material/CircularProgress'
import Dialog from '@mui/material/Dialog'
import DialogTitle from '@mui/material/DialogTitle'
import IconButton from '@mui/material/IconButton'
import InputAdornment from '@mui/material/InputAdornment'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { type ReactNode, useId, useState } from 'react'
import type { ConversationListActions, ConversationListView } from '@/client/chat/view'
import { limits } from '@/contracts/limits'
import type { Person } from '@/contracts/users'
import { useSearch } from '@/hooks/useSearch'
import { Problem } from '../ui/Problem'
import { useCombobox } from '../ui/useCombobox'
import { unseen } from '../ui/VisuallyHidden'
import { type Found, FoundMessage, FoundName } from './SearchResult'
import { useNamedRooms } from './useNamedRooms'

interface Props {
  open: boolean
  list: ConversationListView & ConversationListActions
  myId: string
  /** Whether this person may look for people, and write to them. */
  mayBegin: boolean
  onClose: () => void
  /** @param seq - the message to go to. */
  onOpen: (roomId: string, seq?: number) => void
  onPerson: (person: Person) => Promise<void>
}

/** Of rooms and people, so that messages are not far down. */
const MOST_NAMES = 5

/** Conversations, people and messages by one field. */
export function SearchDialog({ open, onClose, ...props }: Props) {
  const titleId = useId()
  // What was opened has the focus then.
  const [chosen, setChosen] = useState(false)
  const leave = () => {
    setChosen(true)
    onClose()
  }

  return (
    <Dialog
      open={open}
      onClose={onClose}
      fullWidth
      maxWidth="sm"
      aria-labelledby={titleId}
      disableRestoreFocus={chosen}
      slotProps={{
        transition: { onExited: () => setChosen(false) },
        // It keeps its place while what is found comes and goes.
        container: { sx: { alignItems: 'flex-start' } },
        paper: {
          sx: { mx: { xs: 1.5, sm: 4 }, mt: { xs: 1.5, sm: 8 }, width: { xs: 'calc(100% - 24px)', sm: '100%' } },
        },
      }}
    >
      <DialogTitle id={titleId} sx={unseen}>
        Search
      </DialogTitle>
      <Search {...props} onClose={onClose} onLeave={leave} />
    </Dialog>
  )
}

type SearchProps = Omit<Props, 'open'> & { onLeave: () => void }

function Search({ list, myId, mayBegin, onClose, onLeave, onOpen, onPerson }: SearchProps) {
  const { rooms } = list
  const [query, setQuery] = useState('')
  const { hits, answered, people, more, isSearching, problem, again } = useSearch(query, mayBegin)
  const [failure, setFailure] = useState<string>()
  const wanted = query.trim()
  const { named } = useNamedRooms(list, query, MOST_NAMES)

  const open = (roomId: string, seq?: number) => () => {
    onOpen(roomId, seq)
    onLeave()
  }
  const write = (person: Person) => async () => {
    try {
      await onPerson(person)
      onLeave()
    } catch {
      setFailure('The conversation could not be opened. Please try again.')
    }
  }
  const found = [
    ...named.slice(0, MOST_NAMES).map(
      (room): Found => ({
        group: 'Conversations',
        key: room.id,
        shown: <FoundName name={room.name ?? 'Conversation'} image={room.avatarImage} />,
        act: open(room.id),
      }),
    ),
    ...people
      .filter(({ id }) => !rooms.some(({ partnerId }) => partnerId === id))
      .slice(0, MOST_NAMES)
      .map(
        (person): Found => ({
          group: 'People',
          key: person.id,
          shown: <FoundName name={person.name} image={person.avatarImage} />,
          act: write(person),
        }),
      ),
    ...hits.map(
      (hit): Found => ({
        group: 'Messages',
        key: hit.message.id,
        shown: <FoundMessage hit={hit} query={answered} myId={myId} />,
        act: open(hit.room.id, hit.message.seq),
      }),
    ),
  ]
  const { active, setActive, onKeyDown, listId, field, optionOf } = useCombobox({
    keys: found.map(({ key }) => key),
    onEnter: (index) => void found[index]?.act(),
    onMove: (index) => index === found.length - 1 && more?.(),
  })

  return (
    <>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 0.5, p: 1.5 }}>
        <TextField
          value={query}
          onChange={(event) => {
            setQuery(event.target.value)
            setActive(0)
          }}
          onKeyDown={onKeyDown}
          placeholder="Search messages, conversations and people"
          fullWidth
          autoFocus
          slotProps={{
            input: {
              startAdornment: (
                <InputAdornment position="start">
                  <SearchRounded fontSize="small" />
                </InputAdornment>
              ),
              endAdornment: isSearching && <CircularProgress size={18} aria-label="Searching" />,
            },
            htmlInput: {
              ...field,
              'aria-label': 'Search messages, conversations and people',
              maxLength: limits.queryLength,
              dir: 'auto',
            },
          }}
        />
        <IconButton aria-label="Close" onClick={onClose}>
          <CloseRounded />
        </IconButton>
      </Box>
      <Problem text={problem ?? failure} again={problem ? again : undefined} sx={{ mx: 1.5, mb: 1.5 }} />
      <Typography role="status" sx={found.length > 0 || wanted === '' || isSearching ? unseen : nothingFound}>
        {wanted !== '' && !isSearching && !problem && said(found.length, query)}
      </Typography>
      <Box sx={{ overflowY: 'auto', maxHeight: '60dvh', px: 1, pb: found.length > 0 ? 1 : 0 }}>
        <Box role="listbox" id={listId} aria-label="What was found" hidden={found.length === 0}>
          {(['Conversations', 'People', 'Messages'] as const).map((group) => (
            <Group key={group} name={group} id={`${listId}-${group}`}>
              {found
                .filter((option) => option.group === group)
                .map((option) => (
                  <Box
                    key={option.key}
                    {...optionOf(option.key)}
                    aria-selected={option === found[active]}
                    onClick={() => void option.act()}
                  >
                    {option.shown}
                  </Box>
                ))}
            </Group>
          ))}
        </Box>
        {more && (
          <Button onClick={more} disabled={isSearching} sx={{ mx: 1, mt: 0.5 }}>
            Show more
          </Button>
        )}
      </Box>
    </>
  )
}

const said = (count: number, query: string) =>
  count > 0 ? `${count} found` : `Nothing found for “${query.trim()}”. Try other words, or only the beginning of one.`

const nothingFound = { color: 'text.secondary', textAlign: 'center', px: 3, pt: 2, pb: 4 }

function Group({ name, id, children }: { name: string; id: string; children: ReactNode[] }) {
  if (children.length === 0) return null
  return (
    <Box role="group" aria-labelledby={id}>
      <Typography
        id={id}
        role="presentation"
        variant="caption"
        component="div"
        sx={{ px: 1.5, pt: 1, pb: 0.5, fontWeight: 600, color: 'text.secondary' }}
      >
        {name}
      </Typography>
      {children}
    </Box>
  )
}

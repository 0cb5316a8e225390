'use client'

import ForumOutlined from '@mui/icons-material/ForumOutlined'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import { useEffect, useRef, useState } from 'react'
import type { Room } from '@/contracts/chat'
import { may } from '@/contracts/permissions'
import type { Person } from '@/contracts/users'
import { useAuth } from '@/hooks/useAuth'
import { useChat } from '@/hooks/useChat'
import { addressOf } from '@/hooks/useConversation'
import { moveDraft } from '@/hooks/useDraft'
import { Closed } from '../ui/Closed'
import { late } from '../ui/late'
import { StatePanel } from '../ui/StatePanel'
import { useDocumentTitle } from '../ui/useDocumentTitle'
import { ConversationList } from './ConversationList'
import type { ConversationPaneProps } from './ConversationPane'
import { rowId } from './ConversationRow'
import { ConversationSkeleton } from './skeletons'
import { useChatRoute } from './useChatRoute'
import { useSearchKey } from './useSearchKey'

const ConversationPane = late<ConversationPaneProps>(
  async () => (await import('./ConversationPane')).ConversationPane,
  ({ open }) => (open ? <ConversationSkeleton /> : null),
)
const SearchDialog = late(async () => (await import('./SearchDialog')).SearchDialog)
const NewConversationDialog = late(async () => (await import('./NewConversationDialog')).NewConversationDialog)

interface Props {
  /** The top of the list, as the server read it for this person when it rendered the page. */
  given: { userId: string; rooms: readonly Room[] | undefined }
}

/** List and conversation side by side; on a phone one of the two. */
export function ChatPanes({ given }: Props) {
  const { user } = useAuth()
  const list = useChat(user?.id === given.userId ? given.rooms : undefined)
  const { roomId, at, recipient, open, taken, begin, close } = useChatRoute()
  useBegun(recipient, list.rooms, open)
  // The name that is looked for at first.
  const [picking, setPicking] = useState<string>()
  const [isSearching, setIsSearching] = useState(false)
  useSearchKey(() => setIsSearching(true))
  useDocumentTitle(recipient?.name ?? list.rooms.find((room) => room.id === roomId)?.name ?? 'Chats')
  useFocusReturn(roomId)

  if (!user) return null
  if (!may(user, 'chat:read')) return <Closed title="Chats are closed to you" permission="chat:read" />
  const mayBegin = may(user, 'chat:create-room') && may(user, 'users:search')
  const isOpen = roomId !== undefined || recipient !== undefined
  const onNew = mayBegin ? (name = '') => setPicking(name) : undefined
  const write = async (person: Person) => {
    const known = await list.findConversation(person.id)
    if (known === undefined) begin(person)
    else open(known)
  }

  return (
    <Box
      sx={{
        flex: 1,
        minHeight: 0,
        display: 'grid',
        gridTemplateColumns: { xs: '100%', md: '340px 1fr', lg: '380px 1fr' },
      }}
    >
      <Box
        component="section"
        aria-label="Conversations"
        sx={{
          display: { xs: isOpen ? 'none' : 'flex', md: 'flex' },
          flexDirection: 'column',
          minHeight: 0,
          bgcolor: 'background.paper',
          borderRight: { md: '1px solid' },
          borderColor: { md: 'divider' },
        }}
      >
        <ConversationList
          list={list}
          myId={user.id}
          openRoomId={roomId}
          onOpen={open}
          onNew={onNew}
          onSearch={() => setIsSearching(true)}
        />
      </Box>
      <Box
        sx={{
          display: { xs: isOpen ? 'flex' : 'none', md: 'flex' },
          flexDirection: 'column',
          minHeight: 0,
          minWidth: 0,
          bgcolor: 'bubble.canvas',
        }}
      >
        <ConversationPane open={isOpen} {...{ roomId, recipient, at }} onTaken={taken} me={user} onClose={close} />
        {!isOpen && (
          <StatePanel
            icon={<ForumOutlined />}
            title="Pick a conversation"
            actions={
              // A newcomer has this button in the empty list already.
              onNew &&
              list.rooms.length > 0 && (
                <Button variant="contained" onClick={() => onNew()}>
                  New conversation
                </Button>
              )
            }
          >
            {onNew ? 'Choose one on the left, or write to somebody new.' : 'Choose one on the left.'}
          </StatePanel>
        )}
      </Box>
      <SearchDialog
        open={isSearching}
        list={list}
        myId={user.id}
        mayBegin={mayBegin}
        onClose={() => setIsSearching(false)}
        onOpen={open}
        onPerson={write}
      />
      <NewConversationDialog
        open={picking !== undefined && mayBegin}
        name={picking ?? ''}
        onClose={() => setPicking(undefined)}
        onPick={async (person) => {
          await write(person)
          setPicking(undefined)
        }}
        onMakeGroup={async (name, people) => {
          const ids = people.map(({ id }) => id)
          open(await list.startGroup(name, ids))
          setPicking(undefined)
        }}
      />
    </Box>
  )
}

/** What was begun with this person has become a conversation: the page goes there, with what is being written. */
function useBegun(person: Person | undefined, rooms: readonly Room[], open: (roomId: string) => void) {
  const { user } = useAuth()
  const userId = user?.id
  const begun = person && rooms.find(({ partnerId }) => partnerId === person.id)?.id
  useEffect(() => {
    if (!userId || !person || !begun) return
    moveDraft(userId, addressOf(person.id), begun)
    open(begun)
  }, [userId, person, begun, open])
}

/** Closing a conversation on a phone brings the focus back to its place in the list. */
function useFocusReturn(roomId: string | undefined) {
  const before = useRef<string | undefined>(undefined)
  useEffect(() => {
    if (!roomId && before.current) document.getElementById(rowId(before.current))?.focus()
    before.current = roomId
  }, [roomId])
}

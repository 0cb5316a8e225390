/** Bounds that browser, Next and the socket server agree on. Each says its unit in its name or beside it. */
export const limits = {
  /** Characters (UTF-16 units) of a message after trim. */
  messageLength: 4_000,
  /** Bytes of a socket command or an HTTP body; above it: PAYLOAD_TOO_LARGE. */
  payloadBytes: 64 * 1024,
  /** Bytes at which the transport itself closes the connection (`maxHttpBufferSize`). */
  transportBytes: 128 * 1024,
  /** The same before anybody has signed in on it; over WebSocket for all that comes until then. */
  unsignedTransportBytes: 16 * 1024,
  /** Complaints about fields that one answer lists. */
  issues: 10,
  /** Different emojis on one message. */
  reactions: 20,
  /** People that one message names. */
  mentions: 50,
  /** Reactions in one page of who reacted. */
  reactionsPage: 100,
  /** Messages that one question for details is about. */
  messageDetails: 50,
  /** Messages in a room's snapshot and in a `reset` reload. */
  snapshotMessages: 50,
  /** Most messages a page of history may ask for. */
  historyPage: 100,
  /** Changes in one catch-up page of a room. */
  syncPage: 200,
  /** Changes a client may be behind before it is told to reload instead. */
  syncResetAfter: 1_000,
  /** Rooms in one `syncRooms`. */
  syncRooms: 200,
  /** Heads in one page of a `ping` that asks for pages. */
  headsPage: 500,
  /** Rooms in one page of the list of conversations. */
  roomsPage: 50,
  /** Ids in one presence question. */
  presenceIds: 500,
  /** Members of a group, its maker included. */
  groupMembers: 1_000,
  /** People that one call brings into a group. */
  addedAtOnce: 100,
  /** Participants in a room's snapshot and in a page of them; in a larger room not everybody hears who has read what. */
  participantsPage: 100,
  /** Notifications a page may ask for. */
  notificationsPage: 100,
  /** People one request may notify. */
  notificationRecipients: 10_000,
  /** Ids that the answer to such a request lists. */
  notificationIds: 1_000,
  /** Topics one person may follow. */
  topics: 200,
  /** Topics in one page of those that are open to somebody. */
  topicsPage: 100,
  /** People that one person may have blocked. */
  blockedUsers: 1_000,
  /** Of those, in one page. */
  blockedPage: 50,
  /** People in one answer of the people search. */
  usersPage: 20,
  /** Characters of what is searched for. */
  queryLength: 100,
  /** Messages in one page of what a search found. */
  searchPage: 20,
  /** Webhooks. */
  webhooks: 20,
  webhookDescription: 200,
  /** Deliveries in one page of them. */
  deliveriesPage: 50,
  /** Deliveries of one span that are sent again. */
  replayedAtOnce: 10_000,
  /** Of what was answered to a delivery. */
  keptAnswerBytes: 2_048,
  /** Characters of the address of a push subscription. */
  pushEndpoint: 1_000,
  /** Browsers of one person that are sent pushes. */
  pushSubscriptions: 10,
  /** Bytes of what one push says. */
  pushPayloadBytes: 3_000,
  /** Accounts in one page of those who manage people. */
  accountsPage: 50,
} as const

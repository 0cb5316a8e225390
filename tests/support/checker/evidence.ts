/** A row of the table of messages. */
export interface StoredMessage {
  id: string
  roomId: string
  seq: number
  rev: number
  senderId: string
  clientId: string
  /** '' once it is deleted. */
  message: string
  /** Who reacted, with what; absent: nobody. */
  reactions?: readonly { emoji: string; userIds: readonly string[] }[] | null | undefined
}

export interface StoredRoom {
  id: string
  lastSeq: number
  lastRev: number
}

export interface StoredParticipant {
  roomId: string
  userId: string
  lastReadSeq: number
  ownUnread: number
}

/** The truth: what PostgreSQL holds of the rooms in question. */
export interface Table {
  messages: readonly StoredMessage[]
  rooms: readonly StoredRoom[]
  participants: readonly StoredParticipant[]
}

/** Something a person typed; its text is unique in the whole run. */
export interface Typed {
  senderId: string
  roomId: string
  text: string
  /** What became of it on the page where it was typed. */
  changed?: {
    id: string
    /** What its writer left it at; '' where they deleted it. */
    text: string
  }
}

/** A positive answer to one send, as it came over the wire. */
export interface Acknowledgement {
  id: string
  roomId: string
  seq: number
  senderId: string
  clientId: string
}

/** One room on one person's page, all of its history loaded. */
export interface View {
  /** Who looks, for people to read. */
  who: string
  userId: string
  roomId: string
  messages: readonly Pick<StoredMessage, 'id' | 'seq' | 'rev' | 'clientId' | 'message' | 'reactions'>[]
  unread: number
  /** Ids of the members it shows. */
  members: readonly string[]
}

export interface Evidence {
  table: Table
  /** In the order each person typed them. */
  typed: readonly Typed[]
  acknowledgements: readonly Acknowledgement[]
  views: readonly View[]
  /** Pages that show a room whose member their person is not any more; a sentence each. */
  strangers?: readonly string[]
}

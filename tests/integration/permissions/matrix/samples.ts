import { createECDH, randomUUID } from 'node:crypto'
import type { ErrorCode } from '@/contracts/errors'
import type { CallerName, World } from './world'

/** What a browser would take the payload with. */
const publicPoint = createECDH('prime256v1').generateKeys('base64url')

/** What the matrix calls a command with. */
export interface Sample {
  /** An input that is right for this caller; asked for anew at every call. */
  input: (world: World, caller: CallerName) => unknown
  /**
   * What it is about, when not everybody who holds the permission may: a conversation of `owner` and `member` (of `owner`
   * and `removed`, before that one was taken out, when it is `removed` who asks), a group of the three out of which
   * `removed` was taken, or a notification or a session of `owner`.
   */
  concerns?: 'room' | 'group' | 'notification' | 'session'
  /** Whether this answer tells an outsider nothing. Absent: they are refused with NOT_FOUND. */
  tellsNothing?: (data: never, world: World, caller: CallerName) => boolean
  /** What the declaration does not say, with the reason beside it. */
  answers?: Partial<Record<CallerName, ErrorCode>>
  /** It ends or changes the caller's own session or account: those who call it are new people. */
  fresh?: true
}

const password = 'a long password'
const nothing: Sample = { input: () => undefined }
/** Plain members do not. */
const ofOwnersAndAdmins = { member: 'FORBIDDEN' } as const
const content = { title: 'A title', message: 'A message', type: 'info' }

/** By the command's name; two of one name in different namespaces take the same input. */
export const samples: Record<string, Sample> = {
  getOrCreateRoom: {
    input: ({ people }, caller) => ({ participantId: caller === 'owner' ? people.member.id : people.owner.id }),
    // There is such a conversation; whoever was taken out of it does not come back by themselves.
    answers: { removed: 'NOT_FOUND' },
  },
  joinRoom: { input: (world, caller) => ({ roomId: world.roomOf(caller) }), concerns: 'room' },
  sendMessage: {
    input: (world, caller) => ({ roomId: world.roomOf(caller), message: 'hello', clientId: randomUUID() }),
    concerns: 'room',
  },
  editMessage: {
    input: async (world) => ({ messageId: await world.message(), message: 'another text' }),
    ...{ concerns: 'room', answers: { member: 'FORBIDDEN' } }, // it is the owner's
  },
  deleteMessage: {
    input: async (world) => ({ messageId: await world.message() }),
    ...{ concerns: 'room', answers: { member: 'FORBIDDEN' } },
  },
  setReaction: {
    input: async (world) => ({ messageId: await world.message(), emoji: '👍', on: true }),
    concerns: 'room',
  },
  searchMessages: { input: (world, caller) => ({ query: 'hello', roomId: world.roomOf(caller) }), concerns: 'room' },
  listReactions: { input: async (world) => ({ messageId: await world.message() }), concerns: 'room' },
  messageDetails: { input: (world, caller) => ({ roomId: world.roomOf(caller), seqs: [1] }), concerns: 'room' },
  typing: { input: (world, caller) => ({ roomId: world.roomOf(caller), on: true }), concerns: 'room' },
  markMessagesRead: { input: (world, caller) => ({ roomId: world.roomOf(caller) }), concerns: 'room' },
  history: { input: (world, caller) => ({ roomId: world.roomOf(caller) }), concerns: 'room' },
  syncRooms: {
    input: (world, caller) => ({ rooms: { [world.roomOf(caller)]: 0 } }),
    concerns: 'room',
    tellsNothing: ({ rooms }: { rooms: Record<string, object> }, world, caller) =>
      'gone' in (rooms[world.roomOf(caller)] ?? {}),
  },
  listRooms: { input: () => ({}) },
  listParticipants: { input: ({ groupId }) => ({ roomId: groupId }), concerns: 'group' },
  updateRoom: {
    input: ({ groupId }) => ({ roomId: groupId, name: 'Another name' }),
    ...{ concerns: 'group', answers: ofOwnersAndAdmins },
  },
  addParticipants: {
    input: ({ groupId, people }) => ({ roomId: groupId, userIds: [people.member.id] }),
    ...{ concerns: 'group', answers: ofOwnersAndAdmins },
  },
  removeParticipant: {
    // Whoever was taken out already stays out.
    input: ({ groupId, people }, caller) => ({
      roomId: groupId,
      userId: caller === 'removed' ? people.member.id : people.removed.id,
    }),
    ...{ concerns: 'group', answers: ofOwnersAndAdmins },
  },
  setParticipantRole: {
    input: ({ groupId, people }) => ({ roomId: groupId, userId: people.member.id, role: 'member' }),
    ...{ concerns: 'group', answers: { member: 'FORBIDDEN' } }, // owners do this
  },
  setRoomPreferences: { input: ({ groupId }) => ({ roomId: groupId, pinned: true }), concerns: 'group' },
  // Whoever is there can be blocked by whoever may read; `target` has no conversation with any of them.
  blockUser: { input: ({ target }) => ({ userId: target.id }) },
  unblockUser: { input: ({ target }) => ({ userId: target.id }) },
  listBlocked: { input: () => ({}) },
  ping: nothing,

  markAsRead: { input: async (world) => ({ notificationId: await world.notification() }), concerns: 'notification' },
  deleteNotification: {
    input: async (world) => ({ notificationId: await world.notification() }),
    concerns: 'notification',
  },
  markAllAsRead: nothing,
  clearAll: nothing,
  subscribe: { input: ({ topic }) => topic },
  unsubscribe: { input: ({ topic }) => topic },
  listTopics: { input: () => ({}) },
  readPreferences: nothing,
  endDigests: { input: async (world) => ({ token: await world.digestToken() }) },
  changePreferences: { input: () => ({ kinds: { info: { bell: false } } }) },
  readPushKey: { input: () => ({}) },
  subscribeToPush: {
    input: () => ({
      endpoint: 'https://push.example.com/one',
      // Of whoever was here before: a browser has one person.
      keys: { p256dh: publicPoint, auth: 'x'.repeat(22) },
    }),
  },
  unsubscribeFromPush: { input: () => ({ endpoint: 'https://push.example.com/one' }) },
  'presence:sync': nothing,
  listNotifications: { input: () => ({}) },
  createNotifications: { input: ({ people }) => ({ userId: people.member.id, ...content }) },
  createTestNotification: { input: () => content },

  'metrics:request': nothing,
  systemMetrics: nothing,
  listAudit: { input: () => ({}) },
  exportAudit: { input: () => ({ action: 'nothing of that name' }) },
  'admin:connections': { input: () => ({}) },
  'admin:rooms': { input: () => ({}) },
  'admin:disconnect': { input: async (world) => ({ id: await world.connectionId() }) },
  'diagnostics:probe': nothing,
  'diagnostics:echo': { input: () => ({ text: 'there and back' }) },
  'diagnostics:canary': { input: () => ({ id: randomUUID() }) },

  listWebhooks: { input: () => ({}) },
  createWebhook: {
    async input(world) {
      await world.withoutWebhooks() // there may be so many
      return { url: 'https://webhook.invalid/', events: ['room.updated'] }
    },
  },
  readWebhook: { input: async (world) => ({ id: await world.webhookId() }) },
  changeWebhook: { input: async (world) => ({ id: await world.webhookId(), description: 'Another one' }) },
  deleteWebhook: { input: async (world) => ({ id: await world.webhookId() }) },
  rotateWebhookSecret: { input: async (world) => ({ id: await world.webhookId() }) },
  listDeliveries: { input: async (world) => ({ id: await world.webhookId() }) },
  replayDelivery: { input: async (world) => world.delivery() },
  replayWebhook: {
    input: async (world) => ({
      id: await world.webhookId(),
      ...{ from: '2026-01-01T00:00:00.000Z', to: '2026-01-02T00:00:00.000Z' },
    }),
  },

  findUsers: { input: () => ({ query: 'somebody' }) },
  listAccounts: { input: () => ({}) },
  changeAccount: { input: ({ target }) => ({ id: target.id, role: 'user' }) },
  createInvite: { input: () => ({}) },
  endSessionsOf: { input: ({ target }) => ({ id: target.id }) },

  register: { input: () => ({ email: `${randomUUID()}@example.com`, password, name: 'Somebody new' }), fresh: true },
  login: { input: ({ target }) => ({ email: target.email, password: target.password }), fresh: true },
  demo: { input: ({ demoEmail }) => ({ email: demoEmail }), fresh: true },
  forgotPassword: { input: () => ({ email: `${randomUUID()}@example.com` }) },
  resetPassword: {
    input: async (world) => ({ token: await world.resetToken(), password: 'nine purple herons' }),
  },
  logout: { ...nothing, fresh: true },
  secondFactor: { input: ({ secondStep }) => secondStep(), fresh: true },
  session: nothing,
  sessionToken: { input: () => ({ namespace: '/chat' }) },

  readAccount: nothing,
  updateProfile: { input: () => ({ avatarImage: null }) },
  disableAccount: { input: () => ({ password }), fresh: true },
  listSessions: nothing,
  endSession: { input: async (world) => ({ id: await world.ownersSession() }), concerns: 'session' },
  endOtherSessions: nothing,
  changePassword: { input: () => ({ current: password, next: 'another long password' }), fresh: true },
  startTotp: { input: () => ({ password }), fresh: true },
  confirmTotp: { input: async (world, caller) => ({ code: await world.firstCode(caller) }), fresh: true },
  removeTotp: { input: async (world, caller) => ({ password, code: await world.recoveryCode(caller) }), fresh: true },
  linkGoogle: { input: () => ({ password }) },
  unlinkGoogle: { input: () => ({ password }) },

  usersOnline: { input: () => ({}) },
  userStatus: { input: ({ people }) => ({ userId: people.member.id }) },
  userStatusBulk: { input: ({ people }) => ({ userIds: [people.member.id] }) },
}

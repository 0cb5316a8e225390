import 'server-only'
import { CreateNotificationsInput, type NotificationsCreated } from '@/contracts/notifications'
import type { IdentityRequest } from '@/lib/auth/identity'
import { webApp } from '@/server/web/app'

/** What the app's own code says to Tandem, in the web process. */
export const tandem = {
  /**
   * Notifies people, by their ids in the app, or who follows a topic. Also whom Tandem has not seen yet: `Identity.people`
   * says who they are.
   * @param idempotencyKey - the same again answers the same and notifies nobody twice.
   * @throws AppError NOT_FOUND (there is nobody with the one id), CONFLICT (the key was used for another one), and a
   * ZodError for what is no notification.
   */
  async notify(input: CreateNotificationsInput, idempotencyKey?: string): Promise<NotificationsCreated> {
    const { notify } = await webApp()
    return notify(CreateNotificationsInput.parse(input), idempotencyKey)
  },

  /**
   * Ends the session of this request's browser, and its sockets, at once: to be called where people sign out, after the app's
   * own session has ended. For half a minute the same `sessionId` begins no other in this process, so that pages which are
   * still open do not come back.
   */
  async signOut(request: IdentityRequest): Promise<void> {
    const { identity } = await webApp()
    await identity?.end(request)
  },

  /**
   * Ends all sessions of a person, and their sockets, at once: where the app signs somebody out everywhere, after it did. Whom
   * it still takes for signed in is back with the next request.
   */
  async endSessions(personId: string): Promise<void> {
    const { identity } = await webApp()
    await identity?.endAll(personId)
  },

  /**
   * Makes these people known to Tandem, of whom `Identity.people` says who they are: before a page offers to write to somebody
   * who may never have been here.
   */
  async know(ids: readonly string[]): Promise<void> {
    const { identity } = await webApp()
    await identity?.know(ids)
  },
}

import { notificationCommands } from '@/contracts/notifications'
import {
  type ChangePreferencesInput,
  type Choices,
  mayAlert,
  type NotificationPreferences,
  type Occasion,
  preferenceCommands,
} from '@/contracts/preferences'
import { type TopicsPage, topicQueries } from '@/contracts/topics'
import type { Runtime } from '../runtime/runtime'
import { ServerValue } from '../runtime/ServerValue'
import type { NotificationsLink } from '../transport/SocketClient'
import type { Transport } from '../transport/Transport'

/** Every focus of the window wakes the page; it looks at most so often. */
const LOOK_EVERY_MS = 30_000

export interface NotificationSettingsDeps {
  transport: Transport
  link: Pick<NotificationsLink, 'connectedNow' | 'on'>
}

/** What a person follows, and what may call for their attention. Its code comes with what shows it, and nothing is asked before that. */
export class NotificationSettings {
  readonly topics: ServerValue<TopicsPage>
  readonly preferences: ServerValue<NotificationPreferences>
  /** Pages of topics that are shown. */
  private pages = 1
  private lookedAt = Number.NEGATIVE_INFINITY

  constructor(
    private readonly runtime: Runtime,
    private readonly deps: NotificationSettingsDeps,
  ) {
    const { link, transport } = deps
    this.topics = new ServerValue(runtime, () => this.readTopics())
    this.preferences = new ServerValue(runtime, () => transport.call(preferenceCommands.readPreferences, undefined))
    link.on('settingsUpdated', () => this.outdated())
    link.connectedNow.on(() => this.outdated())
    // What is told may be lost.
    runtime.page.onWake(() => this.look())
  }

  /** Rejects as `Transport.call` does, and so do the others. */
  subscribe(topic: string): Promise<void> {
    return this.topics.change(
      (page) => ({ ...page, topics: [...new Set([...page.topics, topic])].sort() }),
      () => this.deps.transport.call(notificationCommands.subscribe, topic),
    )
  }

  unsubscribe(topic: string): Promise<void> {
    return this.topics.change(
      (page) => ({ ...page, topics: page.topics.filter((followed) => followed !== topic) }),
      () => this.deps.transport.call(notificationCommands.unsubscribe, topic),
    )
  }

  /** One page more of what is open to this person. */
  moreTopics(): Promise<void> {
    this.pages += 1
    return this.topics.renew()
  }

  change(change: ChangePreferencesInput): Promise<void> {
    return this.preferences.change(
      (preferences) => changed(preferences, change),
      () => this.deps.transport.call(preferenceCommands.changePreferences, change),
    )
  }

  /** Whether an open page may call for attention now. Where nobody can say, it may: better once too often than never. */
  async mayAlert(occasion: Occasion): Promise<boolean> {
    const preferences = await this.preferences.known()
    return preferences === undefined || mayAlert(preferences, occasion, 'bell', new Date())
  }

  private look(): void {
    const now = this.runtime.clock.now()
    if (now - this.lookedAt < LOOK_EVERY_MS) return
    this.lookedAt = now
    this.outdated()
  }

  private outdated(): void {
    this.topics.outdated()
    this.preferences.outdated()
  }

  private async readTopics(): Promise<TopicsPage> {
    let read: TopicsPage = await this.readPage({})
    for (let page = 1; page < this.pages && read.nextCursor !== null; page += 1) {
      const { open, nextCursor } = await this.readPage({ cursor: read.nextCursor })
      read = { ...read, open: [...read.open, ...open], nextCursor }
    }
    return read
  }

  private readPage(cursor: { cursor?: string }): Promise<TopicsPage> {
    return this.deps.transport.call(topicQueries.listTopics, cursor)
  }
}

const changed = (
  now: NotificationPreferences,
  { kinds = {}, topics = {}, quietHours = {}, digest = now.digest }: ChangePreferencesInput,
): NotificationPreferences => ({
  ...now,
  kinds: withChoices(now.kinds, kinds),
  topics: withChoices(now.topics, topics),
  quietHours: { ...now.quietHours, ...quietHours },
  digest,
})

const withChoices = <Name extends string>(
  now: Record<Name, Choices>,
  chosen: Partial<Record<Name, Partial<Choices>>>,
): Record<Name, Choices> => {
  const choices = { ...now }
  for (const name in chosen) choices[name] = { ...choices[name], ...chosen[name] }
  return choices
}

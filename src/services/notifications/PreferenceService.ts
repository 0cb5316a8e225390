import { AppError } from '@/contracts/errors'
import {
  alertKinds,
  type ChangePreferencesInput,
  type Choices,
  channelNames,
  channels,
  Digest,
  type NotificationPreferences,
} from '@/contracts/preferences'
import type { SessionUser } from '@/services/shared/SessionUser'
import type { ChosenAlerts, PreferenceRepository } from './ports'

export interface PreferenceServiceDeps {
  preferences: PreferenceRepository
  /** Whether this installation sends e-mail. */
  hasMail: boolean
}

/** Hours that most people sleep in; switched off until somebody wants them. */
const usualHours = { enabled: false, from: '22:00', to: '07:00' }

/** What may call for a person's attention, by which channel and when. Nothing of it touches what is listed and counted. */
export class PreferenceService {
  constructor(private readonly deps: PreferenceServiceDeps) {}

  read(user: SessionUser): Promise<NotificationPreferences> {
    return this.of(user.id)
  }

  /**
   * Changes what is given; the rest stays.
   * @throws AppError BAD_REQUEST (preferences of a topic that one does not follow, or a digest where no e-mail is sent).
   */
  async change(user: SessionUser, change: ChangePreferencesInput): Promise<NotificationPreferences> {
    // By e-mail of each kind is taken and kept: whoever sends back what they were answered is not refused.
    if (!this.deps.hasMail && change.digest !== undefined) {
      throw new AppError('BAD_REQUEST', { message: 'This installation sends no e-mail.' })
    }
    if (!(await this.deps.preferences.change(user.id, change))) {
      throw new AppError('BAD_REQUEST', { message: 'You do not follow one of these topics.' })
    }
    if (change.digest !== undefined) await this.deps.preferences.chooseDigest(user.id, change.digest)
    return this.of(user.id)
  }

  /**
   * No more digests, until they are chosen again.
   * @param token - stands in each of them.
   * @throws AppError BAD_REQUEST: it is nobody's.
   */
  async endDigests(token: string): Promise<void> {
    if (await this.deps.preferences.endDigests(token)) return
    throw new AppError('BAD_REQUEST', { message: 'This link is not whole.' })
  }

  async of(userId: string): Promise<NotificationPreferences> {
    const chosen = await this.deps.preferences.chosen(userId)
    return {
      ...preferencesOf(chosen),
      ...(this.deps.hasMail && {
        digest: Digest.safeParse(chosen.digest).data ?? 'day',
        emailProved: chosen.emailProved,
      }),
    }
  }
}

/** What holds for a person: what they chose, and the defaults where they did not. */
export const preferencesOf = (chosen: ChosenAlerts): NotificationPreferences => ({
  kinds: each(alertKinds, (kind) => choicesOf(chosen.kinds[kind])),
  topics: each(Object.keys(chosen.topics), (topic) => choicesOf(chosen.topics[topic])),
  quietHours: { ...usualHours, ...chosen.quietHours },
})

/** What was chosen, and the default where nothing was. */
const choicesOf = (chosen: ChosenAlerts['kinds'][string] = {}): Choices =>
  each(channelNames, (channel) => chosen[channel] ?? channels[channel].isOn)

const each = <Name extends string, Value>(names: readonly Name[], make: (name: Name) => Value) =>
  Object.fromEntries(names.map((name) => [name, make(name)])) as Record<Name, Value> // one for each name

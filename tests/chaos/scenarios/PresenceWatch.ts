import { PresenceMap } from '@/contracts/presence'
import { RawClient } from '../../support/clients/RawClient'
import { insertGroup, insertPeople, type Person } from '../../support/workload/people'
import type { Stage } from './scenario'

/** Somebody on some instance who shares a room with these people, and is told who of them comes and goes. */
export class PresenceWatch {
  /** Ids of those who were said to have gone. */
  readonly toldGone: string[] = []

  private constructor(
    private readonly client: RawClient,
    private readonly ids: readonly string[],
  ) {
    client.socket.on('presence:update', (update: unknown) => {
      for (const [id, { isOnline }] of Object.entries(PresenceMap.parse(update))) {
        if (!isOnline && ids.includes(id)) this.toldGone.push(id)
      }
    })
  }

  static async start({ world, onEnd }: Stage, instance: number, people: readonly Person[]): Promise<PresenceWatch> {
    const [observer] = await insertPeople(world.db, ['Observer'])
    if (!observer) throw new Error('Nobody was made.')
    await insertGroup(world.db, 'Watched', [observer, ...people])
    const client = await RawClient.connect(observer, {
      webUrl: `http://127.0.0.1:${world.web.port}`,
      socketUrl: `http://127.0.0.1:${world.sockets[instance]?.port}`,
      namespace: '/notifications',
    })
    onEnd(() => client.stop())
    return new PresenceWatch(
      client,
      people.map(({ id }) => id),
    )
  }

  /** Who of these people is here, as this instance answers right now. */
  async online(): Promise<ReadonlySet<string>> {
    const reply = await this.client.socket.timeout(5_000).emitWithAck('presence:sync', { ids: this.ids })
    const presence = PresenceMap.parse(reply.data)
    return new Set(this.ids.filter((id) => presence[id]?.isOnline))
  }
}

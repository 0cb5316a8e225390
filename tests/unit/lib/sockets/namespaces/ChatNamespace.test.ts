import { expect, test } from 'vitest'
import type { ChatSocket } from '@/lib/sockets/core/sockets'
import { ChatNamespace } from '@/lib/sockets/namespaces/chat'
import { silentLogger } from '@/services/shared/Logger'

/** Opens the step that the base class runs in the handshake. */
class OpenChatNamespace extends ChatNamespace {
  override prepare(socket: ChatSocket): Promise<void> {
    return super.prepare(socket)
  }
}

test('who is taken out of a room while their handshake joins it is not left in it', async () => {
  const looks = [['kept', 'lost'], ['kept']]
  const rooms = new Set<string>()
  const socket = {
    data: { user: { id: 'u' } },
    join: async (names: string[]) => {
      for (const name of names) rooms.add(name)
    },
    leave: async (name: string) => rooms.delete(name),
  }
  // Only what the step uses: the database's two looks, and a socket's rooms.
  type Deps = ConstructorParameters<typeof ChatNamespace>
  const deps = { logger: silentLogger } as unknown as Deps[0]
  const services = { rooms: { roomIdsOf: async () => looks.shift() ?? [] } } as unknown as Deps[1]

  await new OpenChatNamespace(deps, services).prepare(socket as unknown as ChatSocket)

  expect([...rooms]).toEqual(['room:kept'])
})

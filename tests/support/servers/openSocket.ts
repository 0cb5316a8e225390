import { io, type Socket } from 'socket.io-client'
import { onTeardown } from '../teardown'
import { holdToContract } from './eventContract'

/** Connects to a namespace with a session token, and waits until it is connected. */
export async function openSocket<S extends Socket>(
  url: string,
  namespace: string,
  token: string,
  { transports = ['websocket'], auth = {} }: { transports?: ('websocket' | 'polling')[]; auth?: object } = {},
): Promise<S> {
  const client = io(url + namespace, { auth: { token, ...auth }, transports, forceNew: true, reconnection: false })
  holdToContract(client.io)
  onTeardown(() => {
    client.disconnect()
  })
  await new Promise<void>((resolve, reject) => {
    client.once('connect', resolve)
    client.once('connect_error', reject)
  })
  return client as S // the namespace decides the events; Socket.IO knows them by name only
}

import type { Command } from '@/contracts/command'
import { WireError } from '@/contracts/errors'
import { accessOf, type DescribedCommand, type DescribedEvent, limitOf, namespaces } from './described'
import { exampleData, exampleInput, exampleOfEvent } from './examples'
import { codesOf, withCode } from './refusals'
import { Schemas } from './schemas'

/** As part of a name in the document. */
const key = (namespace: string, name: string): string => `${namespace.slice(1)}.${name.replaceAll(':', '-')}`

/** AsyncAPI 3 of what goes over Socket.IO: a channel for each namespace, commands with their replies, events. */
export function asyncApi(commands: readonly DescribedCommand[], events: readonly DescribedEvent[], version: string) {
  const schemas = new Schemas('#/components/schemas/')
  const overSockets = commands.flatMap(({ command, text }) =>
    command.namespace
      ? [{ command, text, id: key(command.namespace, command.name), namespace: command.namespace }]
      : [],
  )
  const messages: Record<string, unknown> = {}
  const operations: Record<string, unknown> = {}
  const inChannel: Record<string, Record<string, { $ref: string }>> = Object.fromEntries(
    namespaces.map((namespace) => [namespace.slice(1), {}]),
  )
  const addMessage = (namespace: string, id: string, message: unknown) => {
    messages[id] = message
    const channel = inChannel[namespace.slice(1)]
    if (channel) channel[id] = { $ref: `#/components/messages/${id}` }
  }
  for (const { command, text, id, namespace } of overSockets) {
    const channel = { $ref: `#/channels/${namespace.slice(1)}` }
    const messageOf = (one: string) => ({ $ref: `#/channels/${namespace.slice(1)}/messages/${one}` })
    addMessage(namespace, id, {
      ...{ name: command.name, summary: text, payload: schemas.of(command.input, 'input') },
      ...exampleField(exampleInput(command)),
    })
    addMessage(namespace, `${id}.reply`, {
      name: `${command.name} (acknowledgement)`,
      payload: replyOf(command, schemas),
      ...exampleField({ ok: true, data: exampleData(command) }),
    })
    operations[id] = {
      action: 'receive',
      channel,
      summary: text,
      description: [`For ${accessOf(command)}.`, limitOf(command) && `Limit ${limitOf(command)}.`]
        .filter(Boolean)
        .join(' '),
      messages: [messageOf(id)],
      reply: { channel, messages: [messageOf(`${id}.reply`)] },
    }
  }
  for (const { namespace, name, event, text } of events) {
    const id = `${key(namespace, name)}.event`
    addMessage(namespace, id, {
      ...{ name, summary: text, payload: schemas.of(event.payload, 'output') },
      ...exampleField(exampleOfEvent(event)),
    })
    operations[id] = {
      action: 'send',
      channel: { $ref: `#/channels/${namespace.slice(1)}` },
      summary: text,
      description: `To ${event.to}.`,
      messages: [{ $ref: `#/channels/${namespace.slice(1)}/messages/${id}` }],
    }
  }
  schemas.of(WireError, 'output')
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Tandem',
      version,
      description:
        'What goes over Socket.IO, as the server sees it: it receives commands, each acknowledged, and sends events. Generated from `src/contracts`.',
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    servers: {
      socket: { host: 'localhost:3001', protocol: 'ws', description: 'Socket.IO 4, WebSocket or long polling.' },
    },
    channels: Object.fromEntries(
      namespaces.map((namespace) => [
        namespace.slice(1),
        {
          address: namespace,
          description: 'Its handshake takes `auth: { token }`: a session token for this namespace.',
          messages: inChannel[namespace.slice(1)],
        },
      ]),
    ),
    operations,
    components: { messages, schemas: schemas.named },
  }
}

const exampleField = (payload: unknown) => (payload === undefined ? {} : { examples: [{ payload }] })

const replyOf = (command: Command, schemas: Schemas) => ({
  oneOf: [
    { type: 'object', required: ['ok'], properties: { ok: { const: true }, data: schemas.of(command.data, 'output') } },
    {
      type: 'object',
      required: ['ok', 'error'],
      properties: {
        ok: { const: false },
        error: withCode(`${schemas.place}WireError`, 'code', codesOf(command, 'socket')),
      },
    },
  ],
})

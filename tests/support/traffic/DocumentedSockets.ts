import { ApiDocument, isJson } from './ApiDocument'

/** What an AsyncAPI document says of events, commands and acknowledgements: which of them is otherwise. */
export class DocumentedSockets {
  private readonly sent: ApiDocument
  private readonly received: ApiDocument

  constructor(text: string) {
    this.sent = new ApiDocument(text, false)
    this.received = new ApiDocument(text, true)
  }

  /** @param payload - of an event that the server emitted. */
  faultOfEvent(namespace: string, name: string, payload: unknown): string | undefined {
    return faultIn(this.received, `${keyOf(namespace, name)}.event`, payload)
  }

  /** @param reply - of the server to a command; undocumented ones may be refused, and nothing else. */
  faultOfReply(namespace: string, name: string, input: unknown, reply: unknown): string | undefined {
    const id = keyOf(namespace, name)
    const isAccepted = isJson(reply) && reply.ok === true
    if (!isAccepted && !this.sent.at('components', 'messages', id)) return undefined
    return (
      faultIn(this.received, `${id}.reply`, reply) ??
      // What was not sent is JSON's null.
      (isAccepted && input !== undefined && input !== null ? faultIn(this.sent, id, input) : undefined)
    )
  }
}

function faultIn(document: ApiDocument, id: string, payload: unknown): string | undefined {
  const schema = document.at('components', 'messages', id, 'payload')
  if (!schema) return `${id}: it is in no document.`
  const fault = document.faultOf(schema, payload)
  return fault && `${id}: ${fault} in ${JSON.stringify(payload).slice(0, 300)}`
}

const keyOf = (namespace: string, name: string): string => `${namespace.slice(1)}.${name.replaceAll(':', '-')}`

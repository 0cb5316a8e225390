import { ApiDocument, isJson, type Json } from './ApiDocument'

/** One request and its answer, as they were on the wire. */
export interface Exchange {
  method: string
  url: URL
  sent: string | undefined
  status: number
  /** The answer's content type, without parameters; blank without one. */
  type: string
  received: string
}

/** What an OpenAPI document says of requests and answers: which of the two is otherwise. */
export class DocumentedHttp {
  /** An answer has the fields that are written down. Whoever asks may say more, and all of an address is text. */
  private readonly answers: ApiDocument
  private readonly bodies: ApiDocument
  private readonly addresses: ApiDocument
  private readonly templates: { template: string; matcher: RegExp }[]
  private readonly parameters = new Map<Json, Json>()

  constructor(text: string) {
    this.answers = new ApiDocument(text, true)
    this.bodies = new ApiDocument(text, false)
    this.addresses = new ApiDocument(text, false, { coerceTypes: true })
    this.templates = Object.keys(this.answers.at('paths') ?? {})
      // As in Next, an address without a placeholder comes before one with.
      .sort((one, other) => Number(one.includes('{')) - Number(other.includes('{')))
      .map((template) => ({ template, matcher: new RegExp(`^${template.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`) }))
  }

  /** Undefined when all is as documented, or the address is none of the document's. */
  faultOf(exchange: Exchange): string | undefined {
    const { method, url, status } = exchange
    const found = this.templates.find(({ matcher }) => matcher.test(url.pathname))
    // Next itself turns away what cannot be decoded.
    if (!found || !isDecodable(url.pathname)) return undefined
    const place = ['paths', found.template, method.toLowerCase()]
    const what = `${method} ${found.template}, answered with ${status}`
    if (!this.answers.at(...place)) return status < 300 && method !== 'OPTIONS' ? `${what}: no such method.` : undefined
    const fault =
      this.faultOfAnswer(place, exchange) ??
      (status < 300
        ? (this.faultOfAddress(place, exchange, found.matcher) ?? this.faultOfBody(place, exchange))
        : undefined)
    return fault && `${what}: ${fault}`
  }

  private faultOfAnswer(place: string[], { status, type, received }: Exchange): string | undefined {
    const answer = this.answers.at(...place, 'responses', String(status))
    if (!answer) return `no such status. ${received.slice(0, 300)}`
    if (!isJson(answer.content))
      return received === '' ? undefined : `the answer should be empty: ${received.slice(0, 300)}`
    const content = answer.content[type]
    if (!isJson(content)) return `the answer is ${type || 'of no type'}.`
    if (!isJson(content.schema) || type !== 'application/json') return undefined
    const fault = this.answers.faultOf(content.schema, JSON.parse(received))
    return fault && `answer: ${fault} in ${received.slice(0, 300)}`
  }

  private faultOfAddress(place: string[], { url }: Exchange, matcher: RegExp): string | undefined {
    const given = {
      ...Object.fromEntries(url.searchParams),
      ...Object.fromEntries(
        Object.entries(matcher.exec(url.pathname)?.groups ?? {}).map(([name, text]) => [
          name,
          decodeURIComponent(text),
        ]),
      ),
    }
    const operation = this.addresses.at(...place) ?? {}
    const schema = this.parameters.get(operation) ?? parametersOf(operation)
    this.parameters.set(operation, schema)
    const fault = this.addresses.faultOf(schema, given)
    return fault && `request: ${fault} in ${url.pathname}${url.search}`
  }

  private faultOfBody(place: string[], { sent }: Exchange): string | undefined {
    const body = this.bodies.at(...place, 'requestBody')
    // A mail program's form is taken where JSON is; that is no part of the document.
    if (sent === undefined || sent === '' || !body) return undefined
    const schema = this.bodies.at(...place, 'requestBody', 'content', 'application/json', 'schema') ?? {}
    const fault = this.bodies.faultOf(schema, JSON.parse(sent, withoutProto))
    return fault && `request: ${fault} in ${sent.slice(0, 300)}`
  }
}

/** As the server reads it: zod leaves such a key out of a record, where it would set the prototype. */
const withoutProto = (key: string, value: unknown) => (key === '__proto__' ? undefined : value)

/** An operation's path and query as one object. */
function parametersOf({ parameters }: Json): Json {
  const all = Array.isArray(parameters) ? parameters.filter(isJson) : []
  return {
    type: 'object',
    properties: Object.fromEntries(all.map(({ name, schema }) => [name, schema])),
    required: all.filter(({ required }) => required === true).map(({ name }) => name),
  }
}

const isDecodable = (pathname: string): boolean => {
  try {
    decodeURIComponent(pathname)
    return true
  } catch {
    return false
  }
}

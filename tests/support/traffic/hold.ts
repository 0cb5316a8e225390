import { readFileSync } from 'node:fs'
import { onTeardown } from '../teardown'
import { DocumentedHttp } from './DocumentedHttp'
import { DocumentedSockets } from './DocumentedSockets'
import { noteFault } from './faults'

interface Documents {
  http: DocumentedHttp
  sockets: DocumentedSockets
}

let kept: Documents | undefined

/** What docs/api says, read when the first thing is held against it; another test keeps it as the contract is. */
export const documented = (): Documents => {
  kept ??= documentsOf((file) => readFileSync(file, 'utf8'))
  return kept
}

/** For tests that change the contract: their own documents, by file, until the end of the file. */
export function holdToThese(texts: Readonly<Record<string, string>>): void {
  const before = kept
  kept = documentsOf((file) => texts[file] ?? '')
  onTeardown(() => {
    kept = before
  })
}

const documentsOf = (textOf: (file: string) => string): Documents => ({
  http: new DocumentedHttp(textOf('docs/api/openapi.json')),
  sockets: new DocumentedSockets(textOf('docs/api/asyncapi.json')),
})

/** Fetches, and holds whatever has an address of the documents against them. A fault fails the test, or the file. */
export const holdToDocuments =
  (doFetch: typeof fetch): typeof fetch =>
  async (input, init) => {
    const response = await doFetch(input, init)
    // What another address answered in the end is not what this one did.
    if (response.redirected) return response
    const type = response.headers.get('content-type')?.split(';')[0] ?? ''
    // What streams is left to whoever reads it; that there is something is known.
    const received = type === 'application/json' ? await response.clone().text() : type
    noteFault(
      documented().http.faultOf({
        method: init?.method ?? 'GET',
        url: new URL(input instanceof Request ? input.url : input),
        ...{ sent: sentJson(init), status: response.status, type, received },
      }),
    )
    return response
  }

/** A body of another type is for whoever takes such. */
function sentJson({ headers, body }: RequestInit = {}): string | undefined {
  const isJson = new Headers(headers).get('content-type')?.startsWith('application/json')
  return isJson && body !== undefined && body !== null ? String(body) : undefined
}

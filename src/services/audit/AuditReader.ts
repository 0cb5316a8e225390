import type { AuditFilter, AuditPage, AuditRecord } from '@/contracts/audit'
import type { AuditStore } from './ports'

/** Rows of one exported file at most. */
const EXPORT_ROWS = 100_000
/** Rows read at a time. */
const PAGE = 1_000

const columns = [
  'at',
  'action',
  'outcome',
  'actor',
  'actorId',
  'target',
  'address',
  'origin',
  'transport',
  'sessionId',
  'correlationId',
  'details',
] as const satisfies readonly (keyof AuditRecord)[]

/** Reads the audit log, for people. */
export class AuditReader {
  constructor(
    private readonly store: Pick<AuditStore, 'page'>,
    private readonly exportRows = EXPORT_ROWS,
  ) {}

  list(query: AuditFilter & { cursor?: string | undefined; limit: number }): Promise<AuditPage> {
    return this.store.page(query)
  }

  /** The same as CSV, read as fast as it is taken; whoever stops reading costs nothing more. */
  export(filter: AuditFilter): ReadableStream<Uint8Array> {
    const lines = this.lines(filter)
    const encoder = new TextEncoder()
    return new ReadableStream<Uint8Array>({
      async pull(controller) {
        const { value, done } = await lines.next()
        if (done) controller.close()
        else controller.enqueue(encoder.encode(value))
      },
      async cancel() {
        await lines.return(undefined)
      },
    })
  }

  private async *lines(filter: AuditFilter): AsyncGenerator<string, void> {
    yield toLine(columns)
    let cursor: string | undefined
    for (let left = this.exportRows; left > 0; ) {
      const { entries, nextCursor } = await this.store.page({ ...filter, cursor, limit: Math.min(PAGE, left) })
      yield entries.map((entry) => toLine(columns.map((column) => entry[column]))).join('')
      left -= entries.length
      if (nextCursor === null) return
      cursor = nextCursor
    }
    yield toLine([`There is more: this file ends after ${this.exportRows} rows. Narrow the time down.`])
  }
}

const toLine = (values: readonly unknown[]): string => `${values.map(toField).join(',')}\r\n`

/**
 * A field that a spreadsheet shows and never works out: names of people stand in them. Where lists are written with
 * semicolons a spreadsheet begins a new field at each, also within quotes that it did not expect.
 */
function toField(value: unknown): string {
  const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '')
  const harmless = text.replaceAll(/(^|[;,\t\r\n])(?=[\s"]*[=+\-@|＝＋－＠]|[\t\r\n])/g, "$1'")
  return `"${harmless.replaceAll('"', '""')}"`
}

import { styleText } from 'node:util'

/** One line of the log before it is written; `fields` are sanitized already. */
export interface LogEntry {
  timestamp: string
  level: string
  service: string
  message: string
  fields: Record<string, unknown>
}

const ownNames = new Set(['timestamp', 'level', 'service', 'message'])
const colors = { error: 'red', warn: 'yellow', info: 'green', debug: 'gray' } as const

/** One JSON object a line. A field that has the name of one of the line's own parts gets an underscore. */
export function jsonLine({ fields, ...own }: LogEntry): string {
  const entries = Object.entries(fields).map(([name, value]) => [ownNames.has(name) ? `${name}_` : name, value])
  return JSON.stringify({ ...own, ...Object.fromEntries(entries) })
}

/** For people at a terminal. Whatever a value holds, it cannot begin a line of its own at the margin or move the cursor. */
export function prettyLine({ timestamp, level, message, fields }: LogEntry): string {
  const color = level in colors ? colors[level as keyof typeof colors] : 'reset' // the `in` beside it narrows the key
  const stacks: string[] = []
  const shown = Object.entries(fields).flatMap(([name, value]) => {
    if (value === undefined) return []
    if (!isErrorShape(value)) return [`${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`]
    const { stack, ...rest } = value
    stacks.push(stack)
    return 'code' in rest ? [`${name}.code=${String(rest.code)}`] : []
  })
  const head = [
    timestamp.slice(11, 23),
    styleText(color, level.padEnd(5)),
    escapeControls(message),
    ...shown.map(escapeControls),
  ]
  const tail = stacks.flatMap((stack) => stack.split('\n')).map((line) => `\n    ${escapeControls(line)}`)
  return head.join(' ') + tail.join('')
}

const isErrorShape = (value: unknown): value is { stack: string } =>
  typeof value === 'object' && value !== null && 'stack' in value && typeof value.stack === 'string'

/** Line ends, escape sequences and other control characters, shown instead of obeyed. */
function escapeControls(text: string): string {
  return text.replace(
    /[\p{Cc}\u2028\u2029]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

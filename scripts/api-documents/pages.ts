import type { Command } from '@/contracts/command'
import { errorTable } from '@/contracts/errors'
import { hasBody, splitAddress } from '@/contracts/httpRequest'
import { accessOf, type DescribedCommand, type DescribedEvent, limitOf, namespaces } from './described'
import { exampleData, exampleInput, exampleOfEvent, exampleRequest } from './examples'
import { formatJson } from './formatJson'
import { plain } from './plainAddresses'
import { generalRefusals } from './refusals'
import { type JsonSchema, Schemas } from './schemas'
import { typeText } from './typeText'

const generated = '<!-- Generated from src/contracts by `pnpm generate:documents`: change it there. -->'
const page = (...parts: string[]): string => `${[generated, ...parts].join('\n\n')}\n`
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
const row = (...cells: string[]): string => `| ${cells.map(cell).join(' | ')} |`
const table = (head: string[], rows: string[][]): string =>
  [row(...head), row(...head.map(() => '---')), ...rows.map((cells) => row(...cells))].join('\n')

/** Whoever looks for a shape finds it below. */
const shapesSection = (schemas: Schemas): string =>
  [
    '## Shapes',
    ...Object.entries(schemas.named)
      .sort(([one], [other]) => one.localeCompare(other))
      .map(([name, schema]) => `### ${name} (shape)\n\n\`\`\`ts\n${typeText(schema, schemas.place, 'lines')}\n\`\`\``),
  ].join('\n\n')

/** A named shape leads to where it is written out; a command may have the same name. */
const codeOf = (schema: JsonSchema, schemas: Schemas): string => {
  const text = `\`${typeText(schema, schemas.place, 'line')}\``
  return schema.$ref ? `[${text}](#${schema.$ref.slice(schemas.place.length).toLowerCase()}-shape)` : text
}
/** What is sent, and what comes back. */
const exampleBlocks = (...values: unknown[]): string[] =>
  values.filter((value) => value !== undefined).map((value) => codeBlock('json', formatJson(value)))
const codeBlock = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\``

function httpExample(command: Command): string[] {
  const { address = '', body } = exampleRequest(command) ?? {}
  const asked = body === undefined ? address : `${address}\n\n${formatJson(body)}`
  return [codeBlock('http', asked), ...exampleBlocks(exampleData(command))]
}

const rulesOf = (command: Command): string =>
  [`For ${accessOf(command)}.`, limitOf(command) && `Limit ${limitOf(command)}.`, errorsOf(command)]
    .filter(Boolean)
    .join(' ')

const errorsOf = ({ errors = [] }: Command): string =>
  errors.length > 0 ? `Errors of its own: ${errors.map((code) => `\`${code}\``).join(', ')}.` : 'No errors of its own.'

/** Once in each page. */
const otherErrors = 'Beside its own, a command answers with the [errors of every command](errors.md#of-every-command).'

/** What goes over Socket.IO. */
export function socketEventsPage(commands: readonly DescribedCommand[], events: readonly DescribedEvent[]): string {
  const schemas = new Schemas('')
  const sections = namespaces.map((namespace) => {
    const own = commands.filter(({ command }) => command.namespace === namespace)
    const commandParts = own.map(({ command, text }) =>
      [
        `### \`${command.name}\``,
        `${text} ${rulesOf(command)}`,
        `Payload ${codeOf(schemas.of(command.input, 'input'), schemas)} → data ${codeOf(schemas.of(command.data, 'output'), schemas)}` +
          (typeof command.http === 'string'
            ? `; over HTTP \`${command.http}\`.`
            : `. Sockets alone: ${command.http.socketOnly}`),
        ...exampleBlocks(exampleInput(command), { ok: true, data: exampleData(command) }),
      ].join('\n\n'),
    )
    const eventParts = events
      .filter((event) => event.namespace === namespace)
      .map(({ name, event, text }) =>
        [
          `### \`${name}\` (event)`,
          `${text} To ${event.to}.`,
          `Payload ${codeOf(schemas.of(event.payload, 'output'), schemas)}`,
          ...exampleBlocks(exampleOfEvent(event)),
        ].join('\n\n'),
      )
    return [`## \`${namespace}\``, ...commandParts, ...eventParts].join('\n\n')
  })
  return page(
    '# Socket events',
    'A command is sent with one payload and acknowledged with `{ ok: true, data }` or `{ ok: false, error }`, where `error` is a [`WireError`](errors.md). The acknowledgement is optional; without one a refusal arrives as the event `commandError`. Fields that are not named here are ignored. For machines: [asyncapi.json](asyncapi.json).',
    otherErrors,
    ...sections,
    shapesSection(schemas),
  )
}

/** What HTTP takes. */
export function httpPage(commands: readonly DescribedCommand[]): string {
  const schemas = new Schemas('')
  const overHttp = commands.flatMap(({ command, text }) =>
    typeof command.http === 'string' ? [{ command, text, ...splitAddress(command.http) }] : [],
  )
  const part = (port: string, wanted: typeof overHttp) => [
    `## ${port}`,
    ...wanted
      .toSorted((one, other) => one.path.localeCompare(other.path))
      .map(({ command, text, method, path }) => {
        const input = schemas.of(command.httpForm?.shape ?? command.input, 'input')
        const where = hasBody(method) ? 'Takes' : 'Asks'
        return [
          `### \`${method} ${path}\``,
          `${text} ${rulesOf(command)}`,
          `${where} ${codeOf(input, schemas)}, answers ${codeOf(schemas.of(command.data, 'output'), schemas)}.`,
          ...httpExample(command),
        ].join('\n\n')
      }),
  ]
  return page(
    '# HTTP',
    'What the address names (`:roomId`) is a field of the input; the others come from the query of a GET, else from a JSON body. The answer is the data itself (200; 201 where something was made; 204 without data), a refusal `{ error }` with the status of its [code](errors.md). Pages sign in by the cookie `auth_session`, services by `Authorization: Bearer`. For machines: [openapi.json](openapi.json); for people with `pnpm dev`: `/api-docs`, where each can be tried.',
    otherErrors,
    ...part(
      'Port 3000',
      overHttp.filter(({ path }) => path.startsWith('/api/')),
    ),
    ...part(
      'Port 3001',
      overHttp.filter(({ path }) => !path.startsWith('/api/')),
    ),
    '## For whoever watches',
    table(
      ['address', ''],
      Object.entries(plain).map(([address, { text }]) => [`\`${address}\``, text]),
    ),
    shapesSection(schemas),
  )
}

/** Every code. */
export const errorsPage = (): string =>
  page(
    '# Errors',
    'An error is the same on both transports and in the `data` of a `connect_error`: `{ code, message, retryable, retryAfterMs?, correlationId, issues? }`. `message` is written for the person who reads it, and often says more than here; `issues` names each bad field. `correlationId` stands in the logs of both processes. What is retryable may be sent again as it is, after `retryAfterMs` where that is given; a message with the same `clientId` is never stored twice.',
    table(
      ['code', 'HTTP', 'again?', 'in general'],
      Object.entries(errorTable).map(([code, { status, retryable, message }]) => [
        `\`${code}\``,
        String(status),
        retryable ? 'yes' : 'no',
        message,
      ]),
    ),
    '## Of every command',
    'What each command is documented with are errors of its own. These it may answer with besides, by who may use it, its limit and what it takes:',
    table(
      ['code', 'when'],
      Object.entries(generalRefusals).map(([code, { when }]) => [`\`${code}\``, when]),
    ),
  )

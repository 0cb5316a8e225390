import type { Command, HttpAddress } from '@/contracts/command'
import { hasBody, splitAddress } from '@/contracts/httpRequest'
import { isForServices } from '@/contracts/permissions'
import { accessOf, type DescribedCommand, limitOf } from './described'
import { exampleData, exampleRequest } from './examples'
import { plain } from './plainAddresses'
import { plainOperation } from './plainOperation'
import { codesOf, Failure, Refusals } from './refusals'
import { isNothing, type JsonSchema, Schemas } from './schemas'
import { servers } from './servers'

/** OpenAPI 3.1 of everything that HTTP takes, on both ports. */
export function openApi(commands: readonly DescribedCommand[], version: string) {
  const schemas = new Schemas('#/components/schemas/')
  const refusals = new Refusals()
  const paths: Record<string, Record<string, unknown>> = {}
  for (const { command, text } of commands) {
    if (typeof command.http !== 'string') continue
    const { method, path } = splitAddress(command.http)
    const address = path.replaceAll(/:(\w+)/g, '{$1}')
    paths[address] = {
      ...paths[address],
      [method.toLowerCase()]: operationOf({ command, text }, command.http, schemas, refusals),
    }
  }
  for (const [address, one] of Object.entries(plain)) {
    const { method, path } = splitAddress(address as keyof typeof plain) // its own keys
    paths[path] = { ...paths[path], [method.toLowerCase()]: plainOperation(one, path, schemas, refusals) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tandem',
      version,
      summary: 'Realtime chat and notifications: what HTTP takes.',
      description:
        'Generated from `src/contracts`. A refusal is `{ error }` with the status of its code; each operation names the codes it may answer with.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [servers.web],
    tags: [
      ...new Set([
        'operation',
        ...commands.flatMap(({ command }) => (typeof command.http === 'string' ? [tagOf(command.http)] : [])),
      ]),
    ]
      .sort()
      .map((name) => ({ name })),
    paths,
    components: {
      schemas: { ...schemas.named, Failure: schemas.of(Failure, 'output'), ...schemas.named },
      responses: refusals.responses,
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'auth_session', description: 'Set by signing in.' },
        service: {
          type: 'http',
          scheme: 'bearer',
          description: 'A key of SERVICE_KEYS with the scope, or SERVICE_KEY.',
        },
        admin: { type: 'http', scheme: 'bearer', description: 'An administrator’s session token for `/admin-api`.' },
      },
    },
  }
}

function operationOf({ command, text }: DescribedCommand, address: HttpAddress, schemas: Schemas, refusals: Refusals) {
  const { method, path } = splitAddress(address)
  const isWeb = path.startsWith('/api/')
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name)
  const request = schemas.resolved(schemas.of(command.httpForm?.shape ?? command.input, 'input'))
  const { properties = {}, required = [] } = request
  const others = Object.fromEntries(Object.entries(properties).filter(([name]) => !inPath.includes(name)))
  const example = exampleRequest(command)
  const parameter = (name: string, place: 'path' | 'query') => ({
    ...{ name, in: place, required: place === 'path' || required.includes(name) },
    schema: properties[name] ?? { type: 'string' },
    ...exampleField(example?.parameters[name]),
  })
  const takesBody = hasBody(method) && Object.keys(others).length > 0
  return {
    operationId: operationIdOf(command),
    tags: [tagOf(address)],
    summary: text,
    description: [`For ${accessOf(command)}.`, limitOf(command) && `Limit ${limitOf(command)}.`]
      .filter(Boolean)
      .join(' '),
    ...(!isWeb && { servers: [servers.socket] }),
    security: securityOf(command, isWeb),
    parameters: [
      ...inPath.map((name) => parameter(name, 'path')),
      ...(takesBody ? [] : Object.keys(hasBody(method) ? {} : others).map((name) => parameter(name, 'query'))),
    ],
    ...(takesBody && {
      requestBody: {
        required: required.some((name) => !inPath.includes(name)),
        content: {
          'application/json': { schema: bodySchema(request, others, inPath), ...exampleField(example?.body) },
        },
      },
    }),
    responses: { ...answersOf(command, schemas), ...refusals.of(codesOf(command, method)) },
  }
}

const exampleField = (example: unknown) => (example === undefined ? {} : { example })

/** Of a body the fields that the address does not name. */
const bodySchema = (
  request: JsonSchema,
  properties: Record<string, JsonSchema | boolean>,
  inPath: readonly string[],
): JsonSchema => ({
  ...request,
  properties,
  ...(request.required && { required: request.required.filter((name) => !inPath.includes(name)) }),
})

function answersOf(command: Command, schemas: Schemas): Record<string, unknown> {
  const schema = schemas.of(command.data, 'output')
  if (isNothing(command.data)) return { 204: { description: 'Done.' } }
  // A stream, and the only one: what people download.
  const isFile = command.data._zod.def.type === 'custom'
  const content = isFile
    ? { 'text/csv': { schema: { type: 'string' } } }
    : { 'application/json': { schema, ...exampleField(exampleData(command)) } }
  const answer = { description: 'Done.', content }
  if (command.created === 'always') return { 201: answer }
  return command.created === 'when made'
    ? { 200: { ...answer, description: 'It was there already.' }, 201: answer }
    : { 200: answer }
}

function securityOf({ permission, alsoForServices }: Command, isWeb: boolean): Record<string, string[]>[] {
  if (permission === 'anyone') return []
  if (!isWeb) return permission.startsWith('admin:') ? [{ service: [] }, { admin: [] }] : [{ service: [] }]
  if (isForServices(permission)) return [{ service: [] }]
  return alsoForServices ? [{ session: [] }, { service: [] }] : [{ session: [] }]
}

/** Two namespaces have a command of one name. */
const operationIdOf = ({ name }: Command): string =>
  name.replaceAll(/[^\w]+(\w)/g, (_, letter: string) => letter.toUpperCase())

const tagOf = (address: HttpAddress): string =>
  splitAddress(address)
    .path.replace(/^\/api/, '')
    .split('/')[1] ?? ''

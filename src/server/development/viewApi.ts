import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { NONCE_HEADER } from '@/server/web/pageHeaders'

const PLACE = '/api-docs'
const types: Record<string, string> = { js: 'text/javascript', css: 'text/css', json: 'application/json' }

/** What the page consists of, by the last part of its address. The package is there where one develops. */
const files: Record<string, string> = {
  'swagger-ui.css': 'node_modules/swagger-ui-dist/swagger-ui.css',
  'swagger-ui-bundle.js': 'node_modules/swagger-ui-dist/swagger-ui-bundle.js',
  'openapi.json': 'docs/api/openapi.json',
}

/** `/api-docs` while one develops: docs/api/openapi.json to read, and to try on this server. */
export async function viewApi(request: Request): Promise<Response> {
  const name = new URL(request.url).pathname.slice(PLACE.length + 1)
  if (name === '') return page(request.headers.get(NONCE_HEADER) ?? '')
  const file = Object.hasOwn(files, name) ? files[name] : undefined
  if (file === undefined) return new Response(null, { status: 404 })
  const text = await readFile(join(process.cwd(), file), 'utf8')
  const type = types[name.split('.').at(-1) ?? ''] ?? 'text/plain'
  return new Response(name === 'openapi.json' ? fromHere(text) : text, {
    headers: { 'Content-Type': `${type}; charset=utf-8` },
  })
}

/** Whatever port this server has, requests that one tries go to it: no other may be reached from the page. */
const fromHere = (document: string): string => JSON.stringify({ ...JSON.parse(document), servers: [{ url: '/' }] })

const page = (nonce: string): Response =>
  new Response(
    `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>HTTP API</title>
<link rel="stylesheet" href="${PLACE}/swagger-ui.css" nonce="${nonce}">
</head>
<body>
<main id="viewer"></main>
<script src="${PLACE}/swagger-ui-bundle.js" nonce="${nonce}"></script>
<script nonce="${nonce}">
SwaggerUIBundle({ url: '${PLACE}/openapi.json', dom_id: '#viewer', deepLinking: true, docExpansion: 'list', validatorUrl: null })
</script>
</body>
</html>
`,
    { headers: { 'Content-Type': 'text/html; charset=utf-8' } },
  )

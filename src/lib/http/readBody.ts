import { AppError } from '@/contracts/errors'
import { limits } from '@/contracts/limits'

/**
 * A request's JSON body, read no further than 64 KB.
 * @throws AppError PAYLOAD_TOO_LARGE, or BAD_REQUEST when it is not JSON.
 */
export async function readJsonBody(request: Request): Promise<{ input: unknown; bytes: number }> {
  requireJson(request.headers.get('content-type') ?? '')
  const text = await readText(request)
  try {
    return { input: JSON.parse(text), bytes: text.length }
  } catch (cause) {
    throw new AppError('BAD_REQUEST', { message: 'The body is not valid JSON.', cause })
  }
}

/** Whether there should be a body or not: one that comes is not of the kinds that another site's page can send by a form. */
export function requireNoForm(request: Request): void {
  const type = request.headers.get('content-type')
  if (type !== null) requireJson(type)
}

function requireJson(type: string): void {
  if (/^application\/json\s*(;|$)/i.test(type)) return
  throw new AppError('BAD_REQUEST', { message: 'Send JSON, with Content-Type: application/json.' })
}

async function readText(request: Request): Promise<string> {
  if (Number(request.headers.get('content-length') ?? 0) > limits.payloadBytes) throw new AppError('PAYLOAD_TOO_LARGE')
  if (!request.body) return ''
  const chunks: Uint8Array[] = []
  let bytes = 0
  // A stream of bytes by the Fetch standard; the DOM's type leaves out that it can be iterated.
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength
    if (bytes > limits.payloadBytes) throw new AppError('PAYLOAD_TOO_LARGE')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

import { refusal } from '@/lib/http/errorResponse'
import { apiHeaders } from '@/lib/http/securityHeaders'
import { setUp } from '@/lib/http/setUp'
import { toAppError } from '@/lib/pipeline/errorHandler'
import { webApp } from './app'

/** Whether the web process answers at all; it asks nobody else. */
export const health = (): Response => Response.json({ status: 'ok', service: 'web' }, { headers: apiHeaders })

/** For Prometheus: the series of this process and of the socket servers. */
export async function metrics(request: Request): Promise<Response> {
  try {
    const app = await setUp(webApp)
    return await app.metrics.respond(request)
  } catch (thrown) {
    const error = toAppError(thrown)
    // Next logs what a route throws; what it answers, nobody does.
    if (error.code === 'INTERNAL') console.error('the metrics could not be collected', thrown)
    return refusal(error)
  }
}

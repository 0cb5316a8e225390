import { refusal } from '@/lib/http/errorResponse'
import { setUp } from '@/lib/http/setUp'
import { toAppError } from '@/lib/pipeline/errorHandler'
import { webApp } from '@/server/web/app'

/** For Prometheus: the series of this process and of the socket servers. */
export async function GET(request: Request): Promise<Response> {
  try {
    const { metrics } = await setUp(webApp)
    return await metrics.respond(request)
  } catch (thrown) {
    const error = toAppError(thrown)
    // Next logs what a route throws; what it answers, nobody does.
    if (error.code === 'INTERNAL') console.error('the metrics could not be collected', thrown)
    return refusal(error)
  }
}

export const dynamic = 'force-dynamic'

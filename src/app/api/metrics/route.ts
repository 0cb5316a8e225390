import { refusal } from '@/lib/http/errorResponse'
import { setUp } from '@/lib/http/setUp'
import { toAppError } from '@/lib/sockets/middleware/errorHandler'
import { webApp } from '@/server/web/app'

/** For Prometheus: the series of this process and of the socket servers. */
export async function GET(request: Request): Promise<Response> {
  try {
    const { metrics } = await setUp(webApp)
    return await metrics.respond(request)
  } catch (error) {
    return refusal(toAppError(error))
  }
}

export const dynamic = 'force-dynamic'

import { webApp } from '@/server/web/app'

/** For Prometheus: the series of this process and of the socket servers. */
export const GET = async (request: Request): Promise<Response> => (await webApp()).metrics.respond(request)

export const dynamic = 'force-dynamic'

import { apiHeaders } from '@/lib/http/securityHeaders'

/** Whether the web process answers at all; it asks nobody else. */
export const GET = () => Response.json({ status: 'ok', service: 'web' }, { headers: apiHeaders })

export const dynamic = 'force-dynamic'

/** Whether the web process answers at all; it asks nobody else. */
export const GET = () => Response.json({ status: 'ok', service: 'web' })

export const dynamic = 'force-dynamic'

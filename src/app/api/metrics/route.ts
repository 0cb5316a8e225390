export { metrics as GET } from '@/server/web/plainRoutes'

export const dynamic = 'force-dynamic'

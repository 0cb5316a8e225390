import { fromGoogle } from '@/server/web/google'

export const GET = fromGoogle

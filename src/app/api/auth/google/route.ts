import { toGoogle } from '@/server/web/google'

export const GET = toGoogle

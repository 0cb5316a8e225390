import { viewApi } from '@/server/development/viewApi'

export const GET = viewApi

export const dynamic = 'force-dynamic'

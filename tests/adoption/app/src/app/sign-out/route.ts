import { NextResponse } from 'next/server'
import { COOKIE } from '@/session'

export async function POST(request: Request) {
  const response = NextResponse.redirect(new URL('/', request.url), 303)
  response.cookies.delete(COOKIE)
  return response
}

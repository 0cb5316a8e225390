import { NextResponse } from 'next/server'
import { COOKIE, sessionFor } from '@/session'

export async function GET(request: Request) {
  const url = new URL(request.url)
  const response = NextResponse.redirect(new URL('/', url))
  response.cookies.set(COOKIE, sessionFor(url.searchParams.get('as') ?? ''), { httpOnly: true, path: '/' })
  return response
}

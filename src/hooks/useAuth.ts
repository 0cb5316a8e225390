import { use } from 'react'
import { type Auth, AuthContext } from '@/contexts/AuthContext'

/** Who is signed in, and signing in and out. */
export const useAuth = (): Auth => {
  const auth = use(AuthContext)
  if (auth === undefined) throw new Error('useAuth stands inside AuthProvider.')
  return auth
}

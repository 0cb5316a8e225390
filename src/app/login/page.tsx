import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { LoginView } from '@/components/auth/LoginView'
import { safeNext } from '@/contracts/safeNext'
import { problemOf } from '@/contracts/signInProblems'
import { webApp } from '@/server/web/app'
import { currentUser } from '@/server/web/currentUser'
import { demoSignIns } from '@/server/web/demo'

export const metadata: Metadata = { title: 'Sign in' }

interface Props {
  searchParams: Promise<{ next?: string | string[]; problem?: string | string[]; step?: string | string[] }>
}

export default async function LoginPage({ searchParams }: Props) {
  const { next: wanted, problem, step } = await searchParams
  const next = safeNext(wanted)
  // Whoever signs in again, and came back from Google for the code, is still to give it.
  if (step !== 'code' && (await currentUser())) redirect(next)
  const { config, google, registration } = await webApp()
  return (
    <LoginView
      next={next}
      demo={await demoSignIns()}
      google={google !== undefined}
      problem={problemOf(problem)}
      mail={config.mail !== undefined}
      registers={(await registration.state(undefined)).open}
    />
  )
}

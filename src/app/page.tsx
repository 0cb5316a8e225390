import { redirect } from 'next/navigation'
import { Landing } from '@/components/landing/Landing'
import { currentUser } from '@/server/web/currentUser'
import { demoSignIns } from '@/server/web/demo'

export default async function LandingPage() {
  if (await currentUser()) redirect('/chat')
  return <Landing demo={await demoSignIns()} />
}

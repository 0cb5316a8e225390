import { useMemo } from 'react'
import { createHttpClient, type HttpClient } from '@/client/transport/HttpClient'

/** Sends a command of those that nobody need be signed in for. @throws as `Auth.signIn` does */
export const usePublicCall = (): HttpClient['call'] => useMemo(() => createHttpClient().call, [])

import { useEffect, useState } from 'react'

/** What a sign-in that needs a code besides goes on with: of the password's answer, or of the way back from Google. */
export function useChallenge() {
  const [challenge, setChallenge] = useState<string>()

  useEffect(() => {
    // It was put behind the # to reach no server and no log; nor shall it stay in the history.
    const [, given] = /^#challenge=([\w-]+)$/.exec(window.location.hash) ?? []
    if (given === undefined) return
    window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search)
    setChallenge(given)
  }, [])

  return [challenge, setChallenge] as const
}

import { useEffect, useState } from 'react'

/** What stands as `#name=…` in the page's address: there it reaches no server and no log. Nor does it stay in the history. */
export function useFragment(name: string) {
  const [value, setValue] = useState<string>()

  useEffect(() => {
    const read = () => {
      const [, given] = new RegExp(`^#${name}=([\\w-]+)$`).exec(window.location.hash) ?? []
      if (given === undefined) return
      window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search)
      setValue(given)
    }
    read()
    // Another link, opened in this very page.
    window.addEventListener('hashchange', read)
    return () => window.removeEventListener('hashchange', read)
  }, [name])

  return [value, setValue] as const
}

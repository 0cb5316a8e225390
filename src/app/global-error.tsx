'use client'

import '@fontsource-variable/inter'
import createCache from '@emotion/cache'
import { CacheProvider } from '@emotion/react'
import { useState } from 'react'
import { ErrorView } from '@/components/ui/ErrorView'
import { pageNonce } from '@/theme/pageNonce'
import { ThemeRegistry } from '@/theme/ThemeRegistry'

/** Stands in for the root layout when that itself fails, as it does while the database cannot be reached. */
export default function GlobalError({ error }: { error: Error & { digest?: string } }) {
  // What the layout would have given.
  const [styles] = useState(() => {
    const nonce = pageNonce()
    return createCache({ key: 'mui', ...(nonce === undefined ? {} : { nonce }) })
  })
  return (
    <html lang="en">
      <body>
        <title>Something went wrong · Tandem</title>
        <CacheProvider value={styles}>
          <ThemeRegistry>
            {/* Only the server can make the layout anew. */}
            <ErrorView digest={error.digest} onRetry={() => window.location.reload()} />
          </ThemeRegistry>
        </CacheProvider>
      </body>
    </html>
  )
}

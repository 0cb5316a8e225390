'use client'

import '@fontsource-variable/inter'
import { ErrorView } from '@/components/ui/ErrorView'
import { ThemeRegistry } from '@/theme/ThemeRegistry'

/** Stands in for the root layout when that itself fails, as it does while the database cannot be reached. */
export default function GlobalError({ error }: { error: Error & { digest?: string } }) {
  return (
    <html lang="en">
      <body>
        <title>Something went wrong · Tandem</title>
        <ThemeRegistry>
          {/* Only the server can make the layout anew. */}
          <ErrorView digest={error.digest} onRetry={() => window.location.reload()} />
        </ThemeRegistry>
      </body>
    </html>
  )
}

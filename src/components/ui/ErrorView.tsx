'use client'

import BuildOutlined from '@mui/icons-material/BuildOutlined'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import { StatePanel } from './StatePanel'

interface Props {
  /** What the server's log calls this failure. */
  digest: string | undefined
  onRetry: () => void
}

export function ErrorView({ digest, onRetry }: Props) {
  return (
    <Box component="main" sx={{ minHeight: '100dvh', display: 'flex' }}>
      <StatePanel
        heading="h1"
        icon={<BuildOutlined />}
        title="Something went wrong on our side"
        actions={
          <>
            <Button variant="contained" onClick={onRetry}>
              Try again
            </Button>
            {/* A full load: the router may be part of what failed. */}
            <Button href="/">Start page</Button>
          </>
        }
      >
        Your messages are safe. Please try again in a moment.
        {digest && (
          <Typography variant="caption" component="p" sx={{ mt: 1.5 }}>
            Reference {digest}
          </Typography>
        )}
      </StatePanel>
    </Box>
  )
}

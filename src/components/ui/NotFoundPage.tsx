import ExploreOffOutlined from '@mui/icons-material/ExploreOffOutlined'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Link from 'next/link'
import { PublicHeader } from './PublicHeader'
import { StatePanel } from './StatePanel'

/** A page of its own. */
export const NotFoundPage = () => (
  <Box sx={{ minHeight: '100dvh', display: 'flex', flexDirection: 'column' }}>
    <PublicHeader />
    <Box component="main" sx={{ flex: 1, display: 'flex' }}>
      <NotFoundPanel />
    </Box>
  </Box>
)

/** The same inside a page that has its header already. */
export const NotFoundPanel = () => (
  <StatePanel
    heading="h1"
    icon={<ExploreOffOutlined />}
    title="There is nothing at this address"
    actions={
      <Button component={Link} href="/" variant="contained">
        Back to Tandem
      </Button>
    }
  >
    The link may be old, or a letter is missing.
  </StatePanel>
)

import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import Link from 'next/link'

/** For an administrator whose session gave no second factor, where one is asked for. */
export const SecondFactorNotice = () => (
  <Alert
    severity="warning"
    square
    action={
      <Button component={Link} href="/account" color="inherit" size="small">
        Account
      </Button>
    }
  >
    What only administrators may is closed to you until you have a second factor.
  </Alert>
)

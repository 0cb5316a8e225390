import Button from '@mui/material/Button'
import Link from 'next/link'
import { LateAlert } from './LateAlert'

/** For an administrator whose session gave no second factor, where one is asked for. */
export const SecondFactorNotice = ({ open }: { open: boolean }) => (
  <LateAlert
    open={open}
    severity="warning"
    square
    action={
      <Button component={Link} href="/account" color="inherit" size="small">
        Account
      </Button>
    }
  >
    What only administrators may is closed to you until you have a second factor.
  </LateAlert>
)

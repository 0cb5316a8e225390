import Stack from '@mui/material/Stack'
import Typography from '@mui/material/Typography'
import { GoogleButton } from '../auth/GoogleButton'

/** What stands in for the password of somebody who has none. */
export const SignInAgain = () => (
  <Stack sx={{ gap: 1.5 }}>
    <Typography variant="body2" sx={{ color: 'text.secondary' }}>
      You have no password here. For this, you must have signed in less than ten minutes ago.
    </Typography>
    <GoogleButton next="/account">Sign in with Google again</GoogleButton>
  </Stack>
)

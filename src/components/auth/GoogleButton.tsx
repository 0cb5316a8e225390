import Button from '@mui/material/Button'

interface Props {
  next: string
  invite?: string | undefined
  children: string
}

/** A link, not a request: the browser itself goes to Google and comes back. */
export function GoogleButton({ next, invite, children }: Props) {
  const query = new URLSearchParams({ next, ...(invite === undefined ? {} : { invite }) })
  return (
    <Button
      // Not next/link: it would fetch the way to Google ahead of time.
      href={`/api/auth/google?${query}`}
      variant="outlined"
      color="inherit"
      size="large"
      fullWidth
      startIcon={<GoogleLetter />}
      sx={{ borderColor: 'divider', bgcolor: 'background.paper' }}
    >
      {children}
    </Button>
  )
}

const GoogleLetter = () => (
  <svg width="18" height="18" viewBox="0 0 48 48" aria-hidden="true">
    <path
      fill="#4285F4"
      d="M45 24.5c0-1.6-.1-2.8-.4-4H24v7.6h12c-.2 2-1.5 5-4.4 7l6.7 5.2C42.500 36.500 45 31 45 24.500z"
    />
    <path
      fill="#34A853"
      d="M24 46c6 0 11-2 14.600-5.500l-6.900-5.300c-1.900 1.300-4.400 2.200-7.700 2.200-5.800 0-10.800-3.900-12.600-9.200l-7 5.400C8 41 15.400 46 24 46z"
    />
    <path
      fill="#FBBC05"
      d="M11.400 28.200c-.5-1.300-.8-2.700-.8-4.200s.3-2.900.7-4.200l-7.200-5.600C2.800 17.200 2 20.500 2 24s.8 6.800 2.300 9.800l7.100-5.600z"
    />
    <path
      fill="#EA4335"
      d="M24 10.600c4.100 0 6.900 1.800 8.500 3.300l6.200-6C34.900 4.300 30 2 24 2 15.400 2 8 7 4.200 14.200l7.200 5.600C13.200 14.500 18.200 10.600 24 10.600z"
    />
  </svg>
)

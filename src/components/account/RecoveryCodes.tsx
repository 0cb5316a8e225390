import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'

interface Props {
  codes: string[]
  onDone: () => void
}

/** Shown once: nobody, not even the server, can show them again. */
export const RecoveryCodes = ({ codes, onDone }: Props) => (
  <>
    <Alert severity="success">
      The second factor is on. Keep these recovery codes where you will find them without your phone: each of them
      stands in for it once, and they are never shown again.
    </Alert>
    <Box
      component="ul"
      aria-label="Recovery codes"
      sx={{
        display: 'grid',
        gridTemplateColumns: { xs: '1fr', sm: '1fr 1fr' },
        gap: 0.5,
        listStyle: 'none',
        p: 2,
        my: 2,
        borderRadius: 2,
        bgcolor: 'action.hover',
        fontFamily: 'monospace',
      }}
    >
      {codes.map((code) => (
        <li key={code}>{code}</li>
      ))}
    </Box>
    <Button variant="contained" onClick={onDone}>
      I have kept them
    </Button>
  </>
)

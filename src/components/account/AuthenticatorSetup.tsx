import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import { QRCodeSVG } from 'qrcode.react'
import type { TotpSetup } from '@/contracts/account'

/** The QR code for an authenticator app, drawn by this page and nobody else; and its key for whoever types. */
export const AuthenticatorSetup = ({ uri, secret }: TotpSetup) => (
  <>
    {/* Cameras want dark on light, whatever the page's colours are. */}
    <Box sx={{ bgcolor: '#fff', p: 2, borderRadius: 2, width: 'fit-content', mx: 'auto', lineHeight: 0 }}>
      <QRCodeSVG value={uri} size={184} title="QR code for an authenticator app" />
    </Box>
    <Typography variant="body2" sx={{ mt: 2 }}>
      Or type this key into it:
    </Typography>
    <Typography component="code" sx={{ fontFamily: 'monospace', overflowWrap: 'anywhere', color: 'text.primary' }}>
      {secret.replaceAll(/(.{4})(?=.)/g, '$1 ')}
    </Typography>
    <Typography sx={{ mt: 2 }}>Then give the six digits that the app shows.</Typography>
  </>
)

import FormHelperText from '@mui/material/FormHelperText'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { sentenceOf } from '@/hooks/sentenceOf'
import { usePushDevice } from '@/hooks/usePushDevice'
import { Choice } from './Choice'

const words = {
  insecure: 'This browser offers none at this address; they need https.',
  unsupported: 'This browser offers none. On an iPhone or iPad, add Tandem to the home screen first.',
  unset: 'This server sends none.',
  denied: 'The browser blocks them for this site. You can allow them in its settings.',
  possible: 'The browser will ask you whether Tandem may show them.',
} as const

/** Switches them on in this browser, which asks for permission then and at no other time. */
export function PushHere() {
  const { support, isOn, change } = usePushDevice()
  const [failure, setFailure] = useState<string>()
  const attempt = (on: boolean) => {
    setFailure(undefined)
    change(on).catch((error: unknown) =>
      // What a browser throws is for those who made it.
      setFailure(error instanceof DOMException ? 'The browser could not switch them on.' : sentenceOf(error)),
    )
  }
  const hint = isOn ? 'Until you sign out in this browser.' : support && words[support]
  return (
    <>
      <Choice
        label="Push notifications on this device"
        checked={isOn}
        disabled={support !== 'possible'}
        onChange={attempt}
      />
      <Typography variant="caption" component="p" role="status" sx={{ color: 'text.secondary', minHeight: '1.66em' }}>
        {hint}
      </Typography>
      {failure && <FormHelperText error>{failure}</FormHelperText>}
    </>
  )
}

import Typography from '@mui/material/Typography'
import { useEffect, useRef, useState } from 'react'
import type { SendLimitView } from '@/client/outbox/SendLimit'
import { VisuallyHidden } from '../ui/VisuallyHidden'
import { useSecondsLeft } from './useSecondsLeft'

const count = (number: number, one: string) => `${number} ${one}${number === 1 ? '' : 's'}`

/** Below the field: how many messages are left, or when those that wait go out. */
export function LimitNotice({ limit, id }: { limit: SendLimitView; id: string }) {
  const secondsLeft = useSecondsLeft(limit.blockedUntil)
  const text =
    secondsLeft !== undefined
      ? `Too much at once. What waits goes out in ${count(secondsLeft, 'second')}; you can write on.`
      : limit.remaining !== undefined && `${count(limit.remaining, 'message')} left for now`

  return (
    <>
      {text && (
        <Typography
          id={id}
          variant="caption"
          component="p"
          sx={{
            maxWidth: 872,
            mx: 'auto',
            pt: 0.75,
            px: 2.25,
            color: 'warning.main',
            fontVariantNumeric: 'tabular-nums',
          }}
        >
          {text}
        </Typography>
      )}
      <LimitAnnouncer limit={limit} />
    </>
  )
}

/** Says once that it begins and once that it is over; a number that changes every second is not read aloud. */
function LimitAnnouncer({ limit }: { limit: SendLimitView }) {
  const { blockedUntil, remaining } = limit
  const [words, setWords] = useState('')
  const wasBlocked = useRef(false)
  const warned = remaining !== undefined

  useEffect(() => {
    if (blockedUntil !== undefined) {
      const seconds = Math.max(1, Math.ceil((blockedUntil - Date.now()) / 1_000))
      setWords(`Too much at once. What waits goes out in about ${count(seconds, 'second')}.`)
    } else if (wasBlocked.current) setWords('What waited goes out now.')
    else setWords(warned ? 'Only a few messages left for now.' : '')
    wasBlocked.current = blockedUntil !== undefined
  }, [blockedUntil, warned])

  return <VisuallyHidden aria-live="polite">{words}</VisuallyHidden>
}

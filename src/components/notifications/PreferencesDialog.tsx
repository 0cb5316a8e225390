import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import FormHelperText from '@mui/material/FormHelperText'
import Skeleton from '@mui/material/Skeleton'
import TextField from '@mui/material/TextField'
import { type ComponentType, useRef, useState } from 'react'
import {
  type AlertKind,
  type ChangePreferencesInput,
  type Channel,
  channelNames,
  Digest,
  digests,
  type NotificationPreferences,
} from '@/contracts/preferences'
import { useBrowserAlerts } from '@/hooks/useBrowserAlerts'
import { useNotificationPreferences } from '@/hooks/useNotificationPreferences'
import { drawNow } from '@/hooks/useStore'
import { Group } from '../ui/Group'
import { Problem } from '../ui/Problem'
import { TitledDialog } from '../ui/TitledDialog'
import { useSubmit } from '../ui/useSubmit'
import { Choice } from './Choice'
import { askForDesktop, desktopState } from './desktop'
import { kindNames, kinds } from './kinds'
import { PushHere } from './PushHere'
import { playChime } from './sound'

interface Props {
  open: boolean
  onClose: () => void
}

const desktopHints = {
  unsupported: 'This browser offers none at this address; they need https.',
  denied: 'The browser blocks them for this site. You can allow them in its settings.',
  default: 'The browser will ask you once whether Tandem may show them.',
  granted: 'Shown while Tandem is not in front.',
} as const

interface ChannelParts {
  title: string
  hint: string
  /** What stands before its choices. */
  Lead?: ComponentType<ChannelProps>
  /** Where most people have no wish: what opens them. */
  opener?: string
}

/** What is offered by each channel, in this order. */
const channelParts: Record<Channel, ChannelParts> = {
  bell: {
    title: 'Call attention to',
    hint: 'On all your devices. What is switched off still appears and is counted, quietly. Messages call only while Tandem is not in front.',
  },
  push: {
    title: 'While Tandem is closed',
    hint: 'What you have not seen in a page within some seconds, one for each conversation.',
    Lead: PushHere,
    opener: 'Choose what is pushed',
  },
  email: {
    title: 'By e-mail',
    hint: 'One mail with all that you have not read by then, and none while you are here.',
    Lead: DigestChoice,
    opener: 'Choose what is mailed',
  },
}
const digestWords: Record<Digest, string> = { off: 'Never', hour: 'After an hour', day: 'After a day' }
const alertWords: [AlertKind, string][] = [
  ['direct', 'Direct messages'],
  ['group', 'Group messages'],
  ['mention', 'Mentions of you'],
  ...kindNames.map((kind): [AlertKind, string] => [kind, kinds[kind].label]),
]

/** What calls for attention, when, and how this browser does. Permission for desktop notifications is asked for here alone. */
export function PreferencesDialog({ open, onClose }: Props) {
  return (
    <TitledDialog title="Preferences" open={open} onClose={onClose}>
      <DialogContent sx={{ display: 'grid', gap: 2.5 }}>
        <OnTheServer />
        <InThisBrowser />
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose} variant="contained">
          Done
        </Button>
      </DialogActions>
    </TitledDialog>
  )
}

function OnTheServer() {
  const { preferences, problem, change, again } = useNotificationPreferences()
  const { failure, submit: attempt } = useSubmit([])
  const save = (news: ChangePreferencesInput) => void attempt(() => change(news))

  return (
    <>
      <Problem text={failure.message} />
      <Problem text={failure.message ? undefined : problem} again={() => attempt(again)} />
      {!preferences && !problem && <Skeleton variant="rounded" height={360} />}
      {preferences &&
        channelNames.map(
          (channel) =>
            // Without e-mail here there is nothing to choose of it.
            (channel !== 'email' || preferences.digest !== undefined) && (
              <ChannelChoices key={channel} channel={channel} preferences={preferences} onChange={save} />
            ),
        )}
      {preferences && <DoNotDisturb quiet={preferences.quietHours} onChange={save} />}
    </>
  )
}

interface ChannelProps {
  channel: Channel
  preferences: NotificationPreferences
  onChange: (news: ChangePreferencesInput) => void
}

function ChannelChoices({ channel, preferences, onChange }: ChannelProps) {
  const { title, hint, Lead, opener } = channelParts[channel]
  const [isOpen, setIsOpen] = useState(opener === undefined)
  return (
    <Group title={title} hint={hint}>
      {Lead && <Lead channel={channel} preferences={preferences} onChange={onChange} />}
      {opener && (
        <Button size="small" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)} sx={{ ml: -0.5 }}>
          {opener}
        </Button>
      )}
      {isOpen && <Kinds channel={channel} preferences={preferences} onChange={onChange} />}
    </Group>
  )
}

function Kinds({ channel, preferences, onChange }: ChannelProps) {
  const topics = Object.keys(preferences.topics).sort()
  return (
    <>
      {alertWords.map(([kind, label]) => (
        <Choice
          key={kind}
          label={label}
          checked={preferences.kinds[kind][channel]}
          onChange={(on) => onChange({ kinds: { [kind]: { [channel]: on } } })}
        />
      ))}
      {topics.map((topic) => (
        <Choice
          key={topic}
          label={`Topic ${topic}`}
          checked={preferences.topics[topic]?.[channel] ?? false}
          onChange={(on) => onChange({ topics: { [topic]: { [channel]: on } } })}
        />
      ))}
    </>
  )
}

function DigestChoice({ preferences, onChange }: ChannelProps) {
  return (
    <>
      {preferences.emailProved === false && (
        <Alert severity="info" sx={{ mt: 1 }}>
          Nothing is mailed yet: it is not certain that your address is yours. Choose “Forgot password?” where you sign
          in, and another password by the link that is mailed to you. Signing in with Google at this address does it,
          too.
        </Alert>
      )}
      <TextField
        select
        fullWidth
        size="small"
        label="Mail me what I have not read"
        value={preferences.digest}
        onChange={({ target }) => onChange({ digest: Digest.parse(target.value) })}
        slotProps={{ select: { native: true }, inputLabel: { shrink: true } }}
        sx={{ my: 1 }}
      >
        {digests.map((digest) => (
          <option key={digest} value={digest}>
            {digestWords[digest]}
          </option>
        ))}
      </TextField>
    </>
  )
}

const zoneHere = () => new Intl.DateTimeFormat().resolvedOptions().timeZone

interface QuietProps {
  quiet: NotificationPreferences['quietHours']
  onChange: (news: ChangePreferencesInput) => void
}

function DoNotDisturb({ quiet, onChange }: QuietProps) {
  const timeZone = quiet.timeZone ?? zoneHere()
  const zones = [...new Set([timeZone, 'UTC', ...Intl.supportedValuesOf('timeZone')])].sort()
  return (
    <Group
      title="Do not disturb"
      hint="Nothing calls for your attention then, on any of your devices; the counts go on."
    >
      <Choice
        label="Every day, from and to"
        checked={quiet.enabled}
        // By the clocks of where this was switched on, until another zone is chosen.
        onChange={(enabled) => onChange({ quietHours: { enabled, timeZone } })}
      />
      <Box sx={{ display: 'grid', gridTemplateColumns: '1fr 1fr', gap: 1.5, mt: 1 }}>
        {(['from', 'to'] as const).map((end) => (
          <TimeField
            key={end}
            label={end === 'from' ? 'From' : 'To'}
            disabled={!quiet.enabled}
            value={quiet[end]}
            onChange={(time) => onChange({ quietHours: { [end]: time } })}
          />
        ))}
        <TextField
          select
          size="small"
          label="Time zone"
          disabled={!quiet.enabled}
          value={timeZone}
          onChange={({ target }) => onChange({ quietHours: { timeZone: target.value } })}
          slotProps={{ select: { native: true }, inputLabel: { shrink: true } }}
          sx={{ gridColumn: '1 / -1' }}
        >
          {zones.map((zone) => (
            <option key={zone} value={zone}>
              {zone.replaceAll('_', ' ')}
            </option>
          ))}
        </TextField>
      </Box>
    </Group>
  )
}

/** A time counts when one goes on to something else, or when it stays the same for so long: on the way there it is many others. */
const SETTLED_MS = 500

interface TimeProps {
  label: string
  disabled: boolean
  value: string
  onChange: (time: string) => void
}

function TimeField({ value, onChange, ...props }: TimeProps) {
  const [typed, setTyped] = useState<string>()
  // It goes on when the dialog is closed: what was typed counts.
  const settling = useRef<ReturnType<typeof setTimeout>>(undefined)
  const settle = (time = typed) => {
    clearTimeout(settling.current)
    if (time === undefined) return
    onChange(time)
    drawNow()
    setTyped(undefined)
  }
  const type = (time: string) => {
    if (time === '') return // while it is being typed
    setTyped(time)
    clearTimeout(settling.current)
    settling.current = setTimeout(() => settle(time), SETTLED_MS)
  }
  return (
    <TextField
      {...props}
      type="time"
      size="small"
      value={typed ?? value}
      onChange={({ target }) => type(target.value)}
      onBlur={() => settle()}
      slotProps={{ inputLabel: { shrink: true } }}
    />
  )
}

function InThisBrowser() {
  const { browser, save } = useBrowserAlerts()
  const { sound, desktop } = browser
  const [kept, setKept] = useState(true)
  const permission = desktopState()
  const change = (changes: Parameters<typeof save>[0]) => setKept(save(changes))
  const setDesktop = async (on: boolean) => change({ desktop: on && (await askForDesktop()) })

  return (
    <>
      <Group title="Alerts in this browser" hint={desktopHints[permission]}>
        <Choice
          label="Sound"
          checked={sound}
          onChange={(on) => {
            change({ sound: on })
            if (on) playChime()
          }}
        />
        <Choice
          label="Desktop notifications"
          checked={desktop && permission === 'granted'}
          disabled={permission === 'unsupported' || permission === 'denied'}
          onChange={setDesktop}
        />
      </Group>
      {!kept && <FormHelperText error>This browser keeps nothing, so these cannot be saved.</FormHelperText>}
    </>
  )
}

import CheckCircle from '@mui/icons-material/CheckCircleRounded'
import ErrorIcon from '@mui/icons-material/ErrorRounded'
import Warning from '@mui/icons-material/WarningRounded'
import type { SvgIconProps } from '@mui/material/SvgIcon'
import type { Level } from './thresholds'

/** A level never shows as a colour alone: each has a shape and a word. */
export const levels = {
  well: { colour: 'success.main', cssColour: 'var(--mui-palette-success-main)', Icon: CheckCircle, word: 'Well' },
  watch: { colour: 'warning.main', cssColour: 'var(--mui-palette-warning-main)', Icon: Warning, word: 'Look at this' },
  broken: { colour: 'error.main', cssColour: 'var(--mui-palette-error-main)', Icon: ErrorIcon, word: 'Broken' },
} as const satisfies Record<Level, unknown>

export function LevelIcon({ level, ...props }: { level: Level } & SvgIconProps) {
  const { Icon, colour } = levels[level]
  return <Icon aria-hidden {...props} sx={{ color: colour, ...props.sx }} />
}

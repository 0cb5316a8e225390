'use client'

import ContrastRounded from '@mui/icons-material/ContrastRounded'
import DarkModeOutlined from '@mui/icons-material/DarkModeOutlined'
import LightModeOutlined from '@mui/icons-material/LightModeOutlined'
import { useColorScheme } from '@mui/material/styles'
import { MenuButton } from './MenuButton'

const choices = [
  { mode: 'system', label: 'Like the system', Icon: ContrastRounded },
  { mode: 'light', label: 'Light', Icon: LightModeOutlined },
  { mode: 'dark', label: 'Dark', Icon: DarkModeOutlined },
] as const

export function ThemeMenu() {
  const { mode, setMode } = useColorScheme()
  // `mode` is undefined on the server and in the first render.
  const Icon = choices.find((choice) => choice.mode === mode)?.Icon ?? ContrastRounded

  return (
    <MenuButton
      label="Appearance"
      tooltip="Appearance"
      menuLabel="Appearance"
      Icon={Icon}
      entries={choices.map((choice) => ({
        ...choice,
        act: () => setMode(choice.mode),
        chosen: mode === choice.mode,
      }))}
    />
  )
}

import { createTheme } from '@mui/material/styles'
import type {} from '@mui/material/themeCssVarsAugmentation'
import { components } from './components'
import { dark, light } from './palette'

const tight = (size: string, lineHeight: number) => ({
  fontSize: size,
  lineHeight,
  fontWeight: 680,
  letterSpacing: '-0.022em',
})

export const theme = createTheme({
  cssVariables: { colorSchemeSelector: 'data' },
  colorSchemes: { light, dark },
  shape: { borderRadius: 10 },
  typography: {
    fontFamily: '"Inter Variable", system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
    h1: tight('clamp(2.25rem, 1.5rem + 3vw, 3.5rem)', 1.06),
    h2: tight('1.625rem', 1.2),
    h3: { ...tight('1.125rem', 1.3), letterSpacing: '-0.012em' },
    subtitle1: { fontWeight: 600, lineHeight: 1.35, letterSpacing: '-0.008em' },
    body1: { lineHeight: 1.5 },
    body2: { lineHeight: 1.45 },
    caption: { fontSize: '0.75rem', lineHeight: 1.35, fontVariantNumeric: 'tabular-nums' },
  },
  components,
})

import { createTheme, type PaletteOptions } from '@mui/material/styles'
import type {} from '@mui/material/themeCssVarsAugmentation'
import { components } from './components'
import { dark, light } from './palette'

const tight = (size: string, lineHeight: number) => ({
  fontSize: size,
  lineHeight,
  fontWeight: 680,
  letterSpacing: '-0.022em',
})

/** What is left out is Tandem's own. */
export interface TandemLook {
  /** Colours, of Material UI's palette and of `bubble`: for light and for dark pages. */
  light?: Partial<PaletteOptions>
  dark?: Partial<PaletteOptions>
  fontFamily?: string
  /** Of corners, in pixels. */
  borderRadius?: number
}

/** The theme that all components are drawn with. */
export const createTandemTheme = (look: TandemLook = {}) =>
  createTheme({
    cssVariables: { colorSchemeSelector: 'data' },
    colorSchemes: {
      light: { palette: { ...light.palette, ...look.light } },
      dark: { palette: { ...dark.palette, ...look.dark } },
    },
    shape: { borderRadius: look.borderRadius ?? 10 },
    typography: {
      fontFamily: look.fontFamily ?? '"Inter Variable", system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
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

import type { ColorSystemOptions } from '@mui/material/styles'

/** Where messages lie: the canvas behind them, one's own bubbles and those of others. */
export interface BubblePalette {
  canvas: string
  own: string
  onOwn: string
  /** Time and the single tick inside an own bubble. */
  onOwnQuiet: string
  /** The double tick of a message that was read. */
  onOwnRead: string
  other: string
  onOther: string
  otherBorder: string
}

declare module '@mui/material/styles' {
  interface Palette {
    bubble: BubblePalette
  }
  interface PaletteOptions {
    bubble: BubblePalette
  }
}

/** Spruce green leads, marigold marks what is new; greys lean to green so that both sit in them. */
export const light = {
  palette: {
    primary: { main: '#0f6153', light: '#2f8573', dark: '#0a463c', contrastText: '#ffffff' },
    secondary: { main: '#e8a136', light: '#f3c275', dark: '#b97614', contrastText: '#241800' },
    error: { main: '#b3261e' },
    warning: { main: '#9a5b00' },
    success: { main: '#1c7a4d' },
    info: { main: '#2b6076' },
    background: { default: '#f5f7f5', paper: '#ffffff' },
    text: { primary: '#17211e', secondary: '#55635d' },
    divider: 'rgba(23, 40, 34, 0.12)',
    bubble: {
      canvas: '#edf1ee',
      own: '#0f6153',
      onOwn: '#ffffff',
      onOwnQuiet: '#c3ded7',
      onOwnRead: '#ffd488',
      other: '#ffffff',
      onOther: '#17211e',
      otherBorder: 'rgba(23, 40, 34, 0.08)',
    },
  },
} satisfies ColorSystemOptions

export const dark = {
  palette: {
    primary: { main: '#72d1ba', light: '#9be2d0', dark: '#3fa58e', contrastText: '#04231c' },
    secondary: { main: '#f0b459', light: '#f7cd8d', dark: '#c98a2c', contrastText: '#241800' },
    error: { main: '#ff8f85' },
    warning: { main: '#f0b459' },
    success: { main: '#6fd09a' },
    info: { main: '#8cc5dd' },
    background: { default: '#0e1412', paper: '#151d1a' },
    text: { primary: '#e6eeea', secondary: '#9fb0a8' },
    divider: 'rgba(220, 240, 232, 0.12)',
    bubble: {
      canvas: '#0e1412',
      own: '#17594c',
      onOwn: '#f0fbf7',
      onOwnQuiet: '#a9d3c7',
      onOwnRead: '#ffd488',
      other: '#1e2825',
      onOther: '#e6eeea',
      otherBorder: 'rgba(220, 240, 232, 0.06)',
    },
  },
} satisfies ColorSystemOptions

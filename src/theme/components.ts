import type { Components, CssVarsTheme, Theme } from '@mui/material/styles'

/** How Material UI's parts look and behave here; pages only arrange them. */
export const components: Components<Omit<Theme, 'components' | 'palette'> & CssVarsTheme> = {
  MuiCssBaseline: {
    styleOverrides: (theme) => ({
      html: { height: '100%', textSizeAdjust: '100%' },
      body: { minHeight: '100%', fontFeatureSettings: '"cv11", "ss03"' },
      a: { color: theme.vars.palette.primary.main, textUnderlineOffset: '0.18em' },
      ':focus-visible': { outline: `2px solid ${theme.vars.palette.primary.main}`, outlineOffset: 2 },
      '::selection': { backgroundColor: theme.vars.palette.secondary.light, color: '#17211e' },
      '@media (prefers-reduced-motion: reduce)': {
        '*, *::before, *::after': {
          animationDuration: '0.01ms !important',
          animationIterationCount: '1 !important',
          // Nothing shorter than nothing: with any duration, each change of each element would run a transition and its events.
          transitionDuration: '0s !important',
          scrollBehavior: 'auto !important',
        },
      },
    }),
  },
  MuiButtonBase: {
    defaultProps: { disableRipple: true },
    styleOverrides: {
      root: ({ theme }) => ({
        '&.Mui-focusVisible': { outline: `2px solid ${theme.vars.palette.primary.main}`, outlineOffset: 2 },
      }),
    },
  },
  MuiButton: {
    defaultProps: { disableElevation: true },
    styleOverrides: {
      root: { textTransform: 'none', fontWeight: 600, borderRadius: 10, letterSpacing: '-0.005em' },
      sizeLarge: { paddingBlock: 11, paddingInline: 22, fontSize: '1rem' },
    },
  },
  MuiInputBase: { styleOverrides: { input: { '&::placeholder': { opacity: 0.62 } } } },
  MuiTooltip: {
    defaultProps: { arrow: true, enterDelay: 400 },
    styleOverrides: { tooltip: { fontSize: '0.8125rem', lineHeight: 1.4, padding: '6px 10px' } },
  },
  MuiPaper: {
    styleOverrides: {
      // Menus and dialogs stand in the page's body, which may be another app's.
      root: ({ theme }) => ({ backgroundImage: 'none', fontFamily: theme.typography.fontFamily }),
    },
  },
  MuiDialog: { styleOverrides: { paper: { borderRadius: 16 } } },
  MuiDialogActions: { styleOverrides: { root: { padding: '8px 24px 20px' } } },
  MuiMenu: {
    styleOverrides: {
      paper: ({ theme }) => ({ borderRadius: 12, minWidth: 200, border: `1px solid ${theme.vars.palette.divider}` }),
    },
  },
  MuiMenuItem: { styleOverrides: { root: { minHeight: 42 } } },
  MuiOutlinedInput: { styleOverrides: { root: { borderRadius: 10 } } },
  MuiAlert: { styleOverrides: { root: { borderRadius: 10, alignItems: 'center' } } },
  MuiSkeleton: { defaultProps: { animation: 'wave' } },
}

import Box from '@mui/material/Box'

/** Two wheels of one bicycle: the mark of Tandem. Decorative; the name stands beside it. */
export function LogoMark({ size = 28 }: { size?: number }) {
  return (
    <Box component="svg" viewBox="0 0 32 24" aria-hidden sx={{ width: (size * 4) / 3, height: size, flex: 'none' }}>
      <Box component="circle" cx="11" cy="12" r="10" sx={{ fill: 'var(--mui-palette-primary-main)' }} />
      <Box component="circle" cx="21" cy="12" r="10" sx={{ fill: 'var(--mui-palette-secondary-main)' }} />
      <path d="M16 3.34a10 10 0 0 1 0 17.32 10 10 0 0 1 0-17.32Z" fill="#fff" />
    </Box>
  )
}

export function Logo({ size = 22 }: { size?: number }) {
  return (
    <Box
      component="span"
      sx={{
        display: 'inline-flex',
        alignItems: 'center',
        gap: 1.25,
        fontWeight: 700,
        fontSize: size * 0.86,
        letterSpacing: '-0.03em',
        color: 'text.primary',
      }}
    >
      <LogoMark size={size} />
      Tandem
    </Box>
  )
}

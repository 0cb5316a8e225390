import Box, { type BoxProps } from '@mui/material/Box'

/** Read aloud, not seen. */
export function VisuallyHidden(props: BoxProps) {
  return (
    <Box
      component="span"
      {...props}
      sx={{
        position: 'absolute',
        width: '1px',
        height: '1px',
        margin: '-1px',
        overflow: 'hidden',
        clipPath: 'inset(50%)',
        whiteSpace: 'nowrap',
      }}
    />
  )
}

import Box, { type BoxProps } from '@mui/material/Box'

/** The look of what is read aloud, not seen. */
export const unseen = {
  position: 'absolute',
  width: '1px',
  height: '1px',
  margin: '-1px',
  overflow: 'hidden',
  clipPath: 'inset(50%)',
  whiteSpace: 'nowrap',
} as const

/** Read aloud, not seen. */
export const VisuallyHidden = (props: BoxProps) => <Box component="span" {...props} sx={unseen} />

import Box from '@mui/material/Box'
import type { MouseEvent } from 'react'

/** Where the page itself begins. */
export const contentId = 'content'

/** The first stop of the keyboard, seen only then: past the header. Leaves the address as it is. */
export function SkipLink() {
  const skip = (event: MouseEvent) => {
    event.preventDefault()
    document.getElementById(contentId)?.focus()
  }
  return (
    <Box
      component="a"
      href={`#${contentId}`}
      onClick={skip}
      sx={{
        position: 'absolute',
        zIndex: 'tooltip',
        top: 8,
        left: 8,
        px: 2,
        py: 1,
        borderRadius: '12px',
        bgcolor: 'background.paper',
        color: 'text.primary',
        boxShadow: 4,
        '&:not(:focus)': { transform: 'translateY(-200%)' },
      }}
    >
      Skip to the content
    </Box>
  )
}

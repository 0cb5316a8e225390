'use client'

import Button from '@mui/material/Button'
import { type ReactNode, useState } from 'react'

interface Props {
  /** What opens: a dialog, which lies over the page. */
  children: (open: boolean, close: () => void) => ReactNode
  label: string
}

/** What opens is not open when one comes. */
export function OpenButton({ children, label }: Props) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button variant="outlined" onClick={() => setOpen(true)} sx={{ m: 2 }}>
        {label}
      </Button>
      {children(open, () => setOpen(false))}
    </>
  )
}

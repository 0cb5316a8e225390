import CloseRounded from '@mui/icons-material/CloseRounded'
import IconButton from '@mui/material/IconButton'

/** The cross in a dialog's corner. */
export const CloseButton = ({ onClick }: { onClick: () => void }) => (
  <IconButton aria-label="Close" onClick={onClick} sx={{ position: 'absolute', right: 12, top: 12 }}>
    <CloseRounded />
  </IconButton>
)

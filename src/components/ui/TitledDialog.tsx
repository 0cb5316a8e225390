import Dialog, { type DialogProps } from '@mui/material/Dialog'
import DialogTitle from '@mui/material/DialogTitle'
import Typography from '@mui/material/Typography'
import { type FormEvent, type ReactNode, useId } from 'react'
import { CloseButton } from './CloseButton'

interface Props extends Omit<DialogProps, 'title' | 'onSubmit'> {
  title: ReactNode
  /** A line below the title. */
  detail?: ReactNode
  /** Given: a cross in the corner, which does this. */
  closeButton?: () => void
  /** Given: the whole dialog is a form. */
  onSubmit?: (event: FormEvent) => void
}

/** A dialog, which has its title as its name. */
export function TitledDialog({ title, detail, closeButton, onSubmit, children, ...dialog }: Props) {
  const titleId = useId()
  const inside = (
    <>
      <DialogTitle
        id={titleId}
        variant="h3"
        component="h2"
        sx={{ pt: 2.5, pr: closeButton ? 7 : 3, overflowWrap: 'anywhere' }}
      >
        {title}
        {detail && (
          <Typography variant="body2" component="span" sx={{ display: 'block', color: 'text.secondary' }}>
            {detail}
          </Typography>
        )}
      </DialogTitle>
      {closeButton && <CloseButton onClick={closeButton} />}
      {children}
    </>
  )
  return (
    <Dialog fullWidth maxWidth="xs" aria-labelledby={titleId} {...dialog}>
      {onSubmit ? (
        <form onSubmit={onSubmit} noValidate>
          {inside}
        </form>
      ) : (
        inside
      )}
    </Dialog>
  )
}

import Button from '@mui/material/Button'
import type { FormState } from 'react-hook-form'

interface Props {
  /** Until the next page is there, the form is not sent again. */
  form: Pick<FormState<never>, 'isSubmitting' | 'isSubmitSuccessful'>
  children: string
}

export const SubmitButton = ({ form: { isSubmitting, isSubmitSuccessful }, children }: Props) => (
  <Button type="submit" variant="contained" size="large" loading={isSubmitting || isSubmitSuccessful} sx={{ mt: 1 }}>
    {children}
  </Button>
)

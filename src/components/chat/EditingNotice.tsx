import EditOutlined from '@mui/icons-material/EditOutlined'
import { ComposerNotice } from './ComposerNotice'

interface Props {
  id: string
  /** Of the message, as it was. */
  text: string
  onCancel: () => void
}

/** Above the field: which message is being edited. */
export const EditingNotice = ({ id, text, onCancel }: Props) => (
  <ComposerNotice
    id={id}
    Icon={EditOutlined}
    what="Editing: "
    text={text}
    cancel="Cancel editing"
    onCancel={onCancel}
  />
)

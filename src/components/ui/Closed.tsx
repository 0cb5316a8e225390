import LockOutlined from '@mui/icons-material/LockOutlined'
import Button from '@mui/material/Button'
import { type Permission, refusalOf } from '@/contracts/permissions'
import { useAuth } from '@/hooks/useAuth'
import { StatePanel } from './StatePanel'

interface Props {
  title: string
  /** What it would take. */
  permission: Permission
}

/** In place of a page that this person may not use. It opens by itself, or when the person asks again. */
export function Closed({ title, permission }: Props) {
  const { refresh } = useAuth()
  return (
    <StatePanel
      heading="h1"
      icon={<LockOutlined />}
      title={title}
      actions={
        <Button variant="contained" onClick={refresh}>
          Check again
        </Button>
      }
    >
      {refusalOf(permission)}
    </StatePanel>
  )
}

import LockOutlined from '@mui/icons-material/LockOutlined'
import Typography from '@mui/material/Typography'
import { refusalOf } from '@/contracts/permissions'
import { NoComposer } from './NoComposer'

/** For whoever may only read. */
export const ReadOnlyNotice = () => (
  <NoComposer Icon={LockOutlined}>
    <Typography variant="body2">You can read here. {refusalOf('chat:write')}</Typography>
  </NoComposer>
)

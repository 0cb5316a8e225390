import DeleteSweepOutlined from '@mui/icons-material/DeleteSweepOutlined'
import DoneAllRounded from '@mui/icons-material/DoneAllRounded'
import MoreHorizRounded from '@mui/icons-material/MoreHorizRounded'
import TuneRounded from '@mui/icons-material/TuneRounded'
import { MenuButton } from '../ui/MenuButton'

interface Props {
  /** Undefined: there is nothing to mark. */
  onMarkAllRead: (() => void) | undefined
  /** Undefined: there is nothing to clear. */
  onClearAll: (() => void) | undefined
  onPreferences: () => void
}

/** What concerns all notifications at once. */
export const PanelMenu = ({ onMarkAllRead, onClearAll, onPreferences }: Props) => (
  <MenuButton
    label="More for notifications"
    tooltip="More"
    menuLabel="Notifications"
    Icon={MoreHorizRounded}
    entries={[
      { label: 'Mark all as read', Icon: DoneAllRounded, act: onMarkAllRead },
      { label: 'Clear all', Icon: DeleteSweepOutlined, act: onClearAll },
      { label: 'Preferences', Icon: TuneRounded, act: onPreferences },
    ]}
  />
)

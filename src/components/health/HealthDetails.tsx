import type { HealthActions } from '@/client/health/view'
import { ConnectionsTable } from './ConnectionsTable'
import { DiagnosticPanel } from './DiagnosticPanel'
import { RoomsTable } from './RoomsTable'

/** The long lists, which ask for themselves, so that an update of the figures does not render them; and the tools. */
export const HealthDetails = ({ actions }: { open: boolean; actions: HealthActions | null }) => (
  <>
    <ConnectionsTable actions={actions} />
    <RoomsTable actions={actions} />
    <DiagnosticPanel actions={actions} />
  </>
)

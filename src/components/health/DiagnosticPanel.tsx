import Box from '@mui/material/Box'
import { memo } from 'react'
import type { HealthActions } from '@/client/health/view'
import { CanaryTool } from './CanaryTool'
import { EchoTool } from './EchoTool'
import { Panel } from './Panel'
import { ProbeTool } from './ProbeTool'

/** Tools that try the real path out, from this page. */
export const DiagnosticPanel = memo(function DiagnosticPanel({ actions }: { actions: HealthActions | null }) {
  return (
    <Panel title="Diagnostics">
      <Box
        sx={{
          display: 'grid',
          gap: { xs: 3, md: 4 },
          gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'minmax(0, 1fr) minmax(0, 1fr) minmax(0, 1.5fr)' },
        }}
      >
        <ProbeTool actions={actions} />
        <EchoTool actions={actions} />
        <CanaryTool actions={actions} />
      </Box>
    </Panel>
  )
})

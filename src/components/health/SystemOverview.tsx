'use client'

import ArrowForward from '@mui/icons-material/ArrowForwardRounded'
import HourglassEmpty from '@mui/icons-material/HourglassEmptyRounded'
import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import Link from 'next/link'
import { useAuth } from '@/hooks/useAuth'
import { useHealthMetrics } from '@/hooks/useHealthMetrics'
import { useWebHealth } from '@/hooks/useWebHealth'
import { SystemPage } from '../ui/SystemPage'
import { type SystemPageEntry, systemPagesOf } from '../ui/systemPages'
import { useDocumentTitle } from '../ui/useDocumentTitle'
import { VisuallyHidden } from '../ui/VisuallyHidden'
import { LiveState } from './LiveState'
import { LevelIcon, levels } from './levels'
import { type Part, systemParts, worstLevel } from './parts'

const sentences = {
  well: 'Everything answers.',
  watch: 'Everything works, and one part is worth a look.',
  broken: 'A part of it does not answer.',
}

/** The system at a glance, and the way to what says more; for admins. */
export function SystemOverview() {
  useDocumentTitle('System health')
  const { user } = useAuth()
  const { view } = useHealthMetrics()
  const parts = systemParts(view, useWebHealth())
  const worst = worstLevel(parts)

  return (
    <SystemPage
      title="System health"
      maxWidth={860}
      aside={<LiveState state={view.state} receivedAt={view.receivedAt} />}
    >
      <Typography role="status" sx={{ color: 'text.secondary', mb: 2 }} data-level={worst}>
        {worst === undefined ? 'Asking each part how it is.' : sentences[worst]}
      </Typography>
      <Box
        component="ul"
        aria-label="Parts"
        sx={{
          m: 0,
          p: 0,
          listStyle: 'none',
          border: '1px solid',
          borderColor: 'divider',
          borderRadius: '14px',
          bgcolor: 'background.paper',
          '& > li + li': { borderTop: '1px solid', borderColor: 'divider' },
        }}
      >
        {parts.map((part) => (
          <PartRow key={part.name} {...part} />
        ))}
      </Box>
      <Box
        component="ul"
        aria-label="More"
        sx={{ m: 0, mt: 3, p: 0, listStyle: 'none', display: 'grid', gap: 2, gridTemplateColumns: { sm: '1fr 1fr' } }}
      >
        {systemPagesOf(user).map((page) => page.text && <LinkCard key={page.href} {...page} />)}
      </Box>
    </SystemPage>
  )
}

function PartRow({ name, level, text }: Part) {
  return (
    <Box component="li" sx={{ display: 'flex', alignItems: 'center', gap: 1.75, px: 2, py: 1.75 }}>
      {level ? (
        <LevelIcon level={level} sx={{ fontSize: 26 }} />
      ) : (
        <HourglassEmpty aria-hidden sx={{ fontSize: 24, color: 'text.secondary' }} />
      )}
      <Box sx={{ minWidth: 0 }}>
        <Typography variant="subtitle1" component="h2">
          {name}
          {level && <VisuallyHidden>: {levels[level].word}</VisuallyHidden>}
        </Typography>
        <Typography variant="body2" sx={{ color: 'text.secondary', fontVariantNumeric: 'tabular-nums' }}>
          {text}
        </Typography>
      </Box>
    </Box>
  )
}

function LinkCard({ href, name, text }: SystemPageEntry) {
  return (
    <li>
      <Box
        component={Link}
        href={href}
        sx={{
          display: 'block',
          height: '100%',
          p: 2,
          borderRadius: '14px',
          border: '1px solid',
          borderColor: 'divider',
          bgcolor: 'background.paper',
          textDecoration: 'none',
          color: 'text.primary',
          '&:hover': { borderColor: 'primary.main' },
        }}
      >
        <Typography variant="subtitle1" component="span" sx={{ display: 'flex', alignItems: 'center', gap: 0.75 }}>
          {name}
          <ArrowForward aria-hidden sx={{ fontSize: 18, color: 'primary.main' }} />
        </Typography>
        <Typography variant="body2" component="span" sx={{ display: 'block', mt: 0.5, color: 'text.secondary' }}>
          {text}
        </Typography>
      </Box>
    </li>
  )
}

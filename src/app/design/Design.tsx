'use client'

import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import { ThemeMenu } from '@/components/ui/ThemeMenu'
import { useHydrated } from '@/components/ui/useHydrated'
import { useSeen } from '@/components/ui/useSeen'
import type { Example } from './Example'
import { ada } from './fixtures/people'
import { groups } from './groups'
import { Stage } from './played/Stage'

/** Every component in every state, on one page. */
export function Design() {
  // What is played is of this browser: the server has nothing to render.
  if (!useHydrated()) return null
  return (
    <Box sx={{ maxWidth: 1200, mx: 'auto', p: { xs: 2, md: 4 } }}>
      <Box sx={{ display: 'flex', alignItems: 'center' }}>
        <Typography variant="h1" sx={{ flex: 1 }}>
          Design
        </Typography>
        <ThemeMenu />
      </Box>
      <Typography sx={{ color: 'text.secondary', my: 2 }}>
        Every component in every state, played by the real engine. Nothing here reaches a server.
      </Typography>
      <Box component="nav" aria-label="Examples" sx={{ columns: { sm: 2, md: 3 }, fontSize: '0.875rem', mb: 4 }}>
        {groups.map(({ title, examples }) => (
          <Box key={title} sx={{ breakInside: 'avoid', mb: 2 }}>
            <strong>{title}</strong>
            {examples.map((example) => (
              <a key={example.id} href={`#${example.id}`} style={{ display: 'block' }}>
                {example.title}
              </a>
            ))}
          </Box>
        ))}
      </Box>
      {groups.map(({ title, examples }) => (
        <section key={title}>
          <Typography variant="h2" sx={{ mt: 6 }}>
            {title}
          </Typography>
          {examples.map((example) => (
            <Shown key={example.id} example={example} />
          ))}
        </section>
      ))}
    </Box>
  )
}

/** Begins when one comes near it: so many clients at once are slow. */
function Shown({ example }: { example: Example }) {
  const { id, title, height } = example
  const [frame, isSeen] = useSeen()
  return (
    <Box component="figure" id={id} sx={{ m: 0, mt: 4, scrollMarginTop: 16 }}>
      <Box component="figcaption" sx={{ mb: 1 }}>
        <a href={`#${id}`}>{title}</a>
      </Box>
      <Box
        ref={frame}
        sx={{
          ...{ display: 'flex', flexDirection: 'column', minHeight: 48, height: height ?? 'auto' },
          ...{
            overflow: 'auto',
            position: 'relative',
            border: '1px solid',
            borderColor: 'divider',
            borderRadius: '14px',
          },
          // What is fixed to the window stays in its frame.
          ...{ transform: 'translateZ(0)', bgcolor: 'background.paper' },
        }}
      >
        {isSeen && <Played example={example} />}
      </Box>
    </Box>
  )
}

/** An example with what plays it. */
export function Played({ example: { me = ada, show: Show, ...scene } }: { example: Example }) {
  return (
    <Stage me={me} {...scene}>
      <Show />
    </Stage>
  )
}

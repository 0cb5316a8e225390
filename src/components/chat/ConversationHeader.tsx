import ArrowBackRounded from '@mui/icons-material/ArrowBackRounded'
import Box from '@mui/material/Box'
import ButtonBase from '@mui/material/ButtonBase'
import IconButton from '@mui/material/IconButton'
import Skeleton from '@mui/material/Skeleton'
import Typography from '@mui/material/Typography'
import type { RefObject } from 'react'
import { ConnectionIndicator } from '../ui/ConnectionIndicator'
import { PersonAvatar } from '../ui/PersonAvatar'
import { VisuallyHidden } from '../ui/VisuallyHidden'
import { LastSeen } from './LastSeen'
import { PresenceDot } from './PresenceDot'

interface Props {
  /** Undefined: not known yet. */
  name: string | undefined
  /** The other one, where there is only one. */
  partnerId: string | undefined
  image?: string | undefined
  /** Of a group. */
  memberCount?: number | undefined
  /** Opens what there is to know and to choose about it. */
  onAbout?: (() => void) | undefined
  onClose: () => void
  headingRef: RefObject<HTMLHeadingElement | null>
}

export function ConversationHeader({ name, partnerId, image, memberCount, onAbout, onClose, headingRef }: Props) {
  return (
    <Box
      component="header"
      sx={{ flex: 'none', bgcolor: 'background.paper', borderBottom: '1px solid', borderColor: 'divider' }}
    >
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 1.5, px: { xs: 1, md: 3 }, height: 63 }}>
        <IconButton aria-label="Back to conversations" onClick={onClose} sx={{ display: { md: 'none' } }}>
          <ArrowBackRounded />
        </IconButton>
        {name !== undefined ? (
          <>
            <PresenceDot userId={partnerId}>
              <PersonAvatar name={name} image={image} size={38} />
            </PresenceDot>
            <Box sx={{ flex: 1, minWidth: 0 }}>
              <Typography ref={headingRef} tabIndex={-1} variant="h3" component="h1" sx={{ outline: 'none' }}>
                {onAbout ? (
                  <ButtonBase aria-haspopup="dialog" onClick={onAbout} sx={aboutButton}>
                    <bdi>{name}</bdi>
                  </ButtonBase>
                ) : (
                  <Box component="bdi" sx={inOneLine}>
                    {name}
                  </Box>
                )}
              </Typography>
              {memberCount !== undefined && (
                <Typography variant="body2" sx={{ color: 'text.secondary' }}>
                  {memberCount} people
                </Typography>
              )}
              {partnerId && <LastSeen userId={partnerId} />}
            </Box>
          </>
        ) : (
          <>
            <VisuallyHidden component="h1">Loading the conversation</VisuallyHidden>
            <Skeleton variant="circular" width={38} height={38} />
            <Skeleton width={150} height={26} sx={{ mr: 'auto' }} />
          </>
        )}
      </Box>
      {/* On wide pages the app's header has it. Here, apart from what is said of the other, it speaks up when there is need. */}
      <Box sx={{ display: { md: 'none' } }}>
        <ConnectionIndicator onlyTrouble />
      </Box>
    </Box>
  )
}

// Of the name itself, not of the heading: that would cut off what shows the focus around a button in it.
const inOneLine = {
  display: 'block',
  maxWidth: '100%',
  overflow: 'hidden',
  textOverflow: 'ellipsis',
  whiteSpace: 'nowrap',
}

const aboutButton = {
  ...inOneLine,
  font: 'inherit',
  textAlign: 'start',
  borderRadius: '6px',
  '&:hover': { textDecoration: 'underline' },
}

import { Avatar } from './Avatar'

/** Dark enough for white letters (contrast over 4.5) in either theme. */
const colours = ['#0f6153', '#2b6076', '#47559b', '#7a4b93', '#9c3f62', '#a04a2f', '#80600f', '#4c6a2a'] as const

/** The same name has the same colour on every page and device. */
const colourOf = (name: string) => {
  // FNV-1a, so that similar names fall apart.
  let hash = 0x811c9dc5
  for (const character of name) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193)
  return colours[((hash ^ (hash >>> 15)) >>> 0) % colours.length] ?? colours[0]
}

/** First letters of the first and the last word: "Ada King Lovelace" is AL. */
export const initialsOf = (name: string) => {
  const words = name.trim().split(/\s+/)
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]]
  return letters.map((word) => [...(word ?? '')][0]?.toLocaleUpperCase() ?? '').join('')
}

interface Props {
  name: string
  image?: string | undefined
  size?: number
}

/** Somebody's picture, or their initials. */
export const PersonAvatar = ({ name, image, size = 44 }: Props) => (
  <Avatar
    image={image}
    size={size}
    style={{ backgroundColor: colourOf(name), color: '#fff', fontSize: size * 0.36, letterSpacing: '0.01em' }}
  >
    {initialsOf(name)}
  </Avatar>
)

import { type CSSProperties, type ReactNode, useState } from 'react'
import css from './Avatar.module.css'

/** From the web, of this site, or written out: no script (an SVG can hold one), nothing of this machine. */
const pictureAddress = /^(https?:\/\/|\/(?![\\/])|data:image\/(png|jpeg|gif|webp|avif);)/i

/** The address of a picture that a page may fetch; undefined for any other text. */
export const pictureOf = (address: string | undefined): string | undefined =>
  address !== undefined && pictureAddress.test(address) ? address : undefined

interface Props {
  image: string | undefined
  size: number
  /** Of what stands there while there is no picture, or it cannot be loaded. */
  style: CSSProperties
  children: ReactNode
}

/** A round picture of somebody or something. Decorative: the words are beside it. */
export function Avatar({ image, size, style, children }: Props) {
  const [broken, setBroken] = useState<string>()
  const picture = pictureOf(image)
  // On a page that came from the server it may have failed before anybody listened.
  const check = (shown: HTMLImageElement | null) => {
    if (shown?.complete && shown.currentSrc !== '' && shown.naturalWidth === 0) setBroken(picture)
  }

  return (
    <span aria-hidden className={css.avatar} style={{ width: size, height: size, ...style }}>
      {picture && picture !== broken ? (
        // biome-ignore lint/performance/noImgElement: an address from anywhere, which our server must not fetch for us.
        <img ref={check} src={picture} alt="" onError={() => setBroken(picture)} />
      ) : (
        children
      )}
    </span>
  )
}

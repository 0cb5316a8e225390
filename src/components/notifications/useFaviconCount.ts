import { useEffect } from 'react'

const drawing = (count: number) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<circle cx="11" cy="16" r="10" fill="#0f6153"/><circle cx="21" cy="16" r="10" fill="#e8a136"/>
<path d="M16 7.34a10 10 0 0 1 0 17.32 10 10 0 0 1 0-17.32Z" fill="#fff"/>
<circle cx="22" cy="22" r="10" fill="#b3261e"/>
<text x="22" y="27" font-family="system-ui,sans-serif" font-size="${count > 9 ? 11 : 14}" font-weight="700" text-anchor="middle" fill="#fff">${count > 99 ? '99' : count}</text></svg>`

const iconLinks = () => [...document.head.querySelectorAll<HTMLLinkElement>('link[rel~="icon"]')]

/**
 * A link of our own behind the page's: the last one counts. The page's own is made anew at every navigation, and a browser
 * need not notice that a link is taken away, so ours stays and then names the page's icon.
 */
const ownLink = (): HTMLLinkElement => {
  const known = iconLinks().find(({ dataset }) => 'count' in dataset)
  if (known) return known
  const link = document.createElement('link')
  link.rel = 'icon'
  link.type = 'image/svg+xml'
  link.dataset.count = ''
  document.head.append(link)
  return link
}

/** Puts the count on the tab's icon; without one, the icon is as it was. */
export function useFaviconCount(count: number) {
  useEffect(() => {
    if (count <= 0) return
    const link = ownLink()
    link.href = `data:image/svg+xml,${encodeURIComponent(drawing(count))}`
    const observer = new MutationObserver(() => {
      if (iconLinks().at(-1) !== link) document.head.append(link)
    })
    observer.observe(document.head, { childList: true })
    return () => {
      observer.disconnect()
      link.href = iconLinks().find((other) => other !== link)?.href ?? '/icon.svg'
    }
  }, [count])
}

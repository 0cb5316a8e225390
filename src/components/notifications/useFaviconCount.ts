import { useEffect } from 'react'

const drawing = (count: number) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<circle cx="11" cy="16" r="10" fill="#0f6153"/><circle cx="21" cy="16" r="10" fill="#e8a136"/>
<path d="M16 7.34a10 10 0 0 1 0 17.32 10 10 0 0 1 0-17.32Z" fill="#fff"/>
<circle cx="22" cy="22" r="10" fill="#b3261e"/>
<text x="22" y="27" font-family="system-ui,sans-serif" font-size="${count > 9 ? 11 : 14}" font-weight="700" text-anchor="middle" fill="#fff">${count > 99 ? '99' : count}</text></svg>`

/** Puts the count on the tab's icon; without one, the icon is as it was. */
export function useFaviconCount(count: number) {
  useEffect(() => {
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
    if (!icon || count <= 0) return
    const { href } = icon
    icon.href = `data:image/svg+xml,${encodeURIComponent(drawing(count))}`
    return () => {
      icon.href = href
    }
  }, [count])
}

import type { BrowserContext } from '@playwright/test'

/**
 * Collects what pages of a context complain about: errors and warnings on the console, and errors nobody caught.
 * Requests that fail while a test has taken the network away are for the test to allow.
 */
export function collectComplaints(context: BrowserContext, who: string): string[] {
  const complaints: string[] = []
  context.on('console', (message) => {
    if (!['error', 'warning'].includes(message.type())) return
    // Said by the browser's driver, where it lets no page have one.
    if (message.text() === 'Service Worker registration blocked by Playwright') return
    // Said of a page that is left while it still connects.
    if (message.text().includes('WebSocket is closed before the connection is established')) return
    complaints.push(`${who}: console.${message.type()}: ${message.text()} (${message.location().url})`)
  })
  // Also those that Chromium does not write to the console.
  void context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sourceFile }) =>
      console.error(`the policy forbids ${effectiveDirective} ${blockedURI} (${sourceFile})`),
    )
  })
  context.on('weberror', (error) => {
    complaints.push(`${who}: uncaught: ${error.error().stack ?? error.error().message}`)
  })
  return complaints
}

export interface PagePolicyOptions {
  /** Fresh for each answer; on every script and style of ours. */
  nonce: string
  /** Origins that the page may connect to beside its own: where the socket servers are. */
  connectTo: readonly string[]
  /** Whether pages are served by https: pictures by plain http would be blocked there anyway. */
  isSecure: boolean
  /** In development React and Next evaluate strings, and Next writes styles without a nonce. */
  isDevelopment: boolean
}

/** An origin as a header may hold it: nothing that could end a directive or begin another. */
const plainOrigin = /^(https?|wss?):\/\/[\w.:[\]-]+$/

/** What MUI writes into the page for a moment when it changes from light to dark, so that nothing fades. */
const muiThemeChange = "'sha256-GNF74DLkXb0fH3ILHgILFjk1ozCF3SNXQ5mQb7WLu/Y='"

/** The page's `Content-Security-Policy`: what it may load, run and connect to. */
export function pagePolicy({ nonce, connectTo, isSecure, isDevelopment }: PagePolicyOptions): string {
  const directives: Record<string, readonly string[]> = {
    'default-src': ["'self'"],
    // What a trusted script loads is trusted: Next's chunks. Whatever is written into the page has no nonce.
    'script-src': ["'self'", `'nonce-${nonce}'`, "'strict-dynamic'", ...(isDevelopment ? ["'unsafe-eval'"] : [])],
    // There a nonce would switch 'unsafe-inline' off.
    'style-src': ["'self'", ...(isDevelopment ? ["'unsafe-inline'"] : [`'nonce-${nonce}'`, muiThemeChange])],
    // Places and sizes of rows and pictures are attributes; they can load nothing.
    'style-src-attr': ["'unsafe-inline'"],
    // Avatars are at any address.
    'img-src': ["'self'", 'data:', 'blob:', 'https:', ...(isSecure ? [] : ['http:'])],
    'font-src': ["'self'"],
    'connect-src': ["'self'", ...new Set(connectTo.flatMap(bothProtocols))].filter(
      (source) => source === "'self'" || plainOrigin.test(source),
    ),
    'manifest-src': ["'self'"],
    'worker-src': ["'self'"],
    'frame-src': ["'none'"],
    'object-src': ["'none'"],
    'base-uri': ["'none'"],
    'form-action': ["'self'"],
    'frame-ancestors': ["'none'"],
  }
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources.join(' ')}`)
    .join('; ')
}

/** Socket.IO comes by http and as a WebSocket. */
const bothProtocols = (origin: string): string[] => [origin, origin.replace(/^http/, 'ws')]

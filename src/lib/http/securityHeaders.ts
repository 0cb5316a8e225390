/** On every answer of port 3000; `next.config.ts` sends them. What depends on the request or the configuration: `pagePolicy`. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  // Other sites learn our origin at most, never which conversation somebody came from.
  'Referrer-Policy': 'strict-origin-when-cross-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=()',
  // For browsers that do not know frame-ancestors.
  'X-Frame-Options': 'DENY',
}

/** On every answer that is no page: JSON is shown by nobody, runs nothing and is kept by no cache. */
export const apiHeaders: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cache-Control': 'no-store',
}

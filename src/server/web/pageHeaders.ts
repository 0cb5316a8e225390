import { randomBytes } from 'node:crypto'
import { namespaces } from '@/contracts/namespaces'
import type { Config } from '@/lib/env/config'
import { LOOPBACKS } from '@/lib/env/hosts'
import { pagePolicy } from '@/lib/http/pagePolicy'
import { socketUrl } from './socketUrl'

/** Where the layout finds the nonce of the answer it is part of; Next itself reads it in the policy. */
export const NONCE_HEADER = 'x-nonce'
/** Tells the layout that it is part of the page that browsers keep: of nobody, whoever asks. */
export const SHELL_HEADER = 'x-shell'
export const POLICY_HEADER = 'Content-Security-Policy'

export interface PageHeaders {
  nonce: string
  policy: string
  /** All of the answer's, the policy among them. */
  headers: Record<string, string>
}

/** What a page is sent with, beside `securityHeaders`. */
export function pageHeaders(
  config: Pick<Config, 'publicUrl' | 'socketPublicUrls' | 'socketPort'>,
  request: Request,
  isDevelopment: boolean,
): PageHeaders {
  const isSecure = config.publicUrl.startsWith('https:')
  const nonce = randomBytes(16).toString('base64')
  const connectTo = [
    ownOrigin(config, request),
    ...namespaces.map((namespace) => socketUrl(config, request, namespace)),
  ].filter((origin) => origin !== undefined)
  const policy = pagePolicy({ nonce, connectTo, isSecure, isDevelopment })
  return {
    nonce,
    policy,
    headers: {
      [POLICY_HEADER]: policy,
      // Browsers ignore it, with a complaint, on other plain http addresses.
      ...(isSecure || isThisMachine(request) ? { 'Cross-Origin-Opener-Policy': 'same-origin' } : {}),
    },
  }
}

/** The address we were asked by: some browsers take 'self' for its http alone. */
function ownOrigin({ publicUrl }: Pick<Config, 'publicUrl'>, request: Request): string | undefined {
  const host = request.headers.get('host')
  return host ? `${new URL(publicUrl).protocol}//${host}` : undefined
}

function isThisMachine(request: Request): boolean {
  const host = request.headers.get('host') ?? ''
  if (!URL.canParse(`http://${host}`)) return false
  const name = new URL(`http://${host}`).hostname.replace(/^\[(.*)\]$/, '$1')
  return name === 'localhost' || LOOPBACKS.some((loopback) => loopback === name)
}

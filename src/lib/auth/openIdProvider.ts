import * as oidc from 'openid-client'
import { z } from 'zod'
import { Name } from '@/contracts/auth'
import type { IdentityProvider } from '@/services/users/ports'

export interface OpenIdOptions {
  issuer: string
  clientId: string
  clientSecret: string
  /** Where the provider sends the browser back to. */
  redirectUri: string
  /** How long the provider is waited for, each time it is asked; default 5. */
  timeoutSeconds?: number
}

/** What of an ID token is read; issuer, audience, times, nonce and signature were checked by then. */
const Claims = z.object({
  sub: z.string().min(1).max(255),
  email: z.email().max(254),
  email_verified: z.union([z.boolean(), z.literal('true').transform(() => true)]).catch(false),
  name: z
    .string()
    .transform((name) => name.slice(0, 80))
    .pipe(Name)
    .optional()
    .catch(undefined),
  picture: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .optional()
    .catch(undefined),
})

const Checks = z.object({ state: z.string(), nonce: z.string(), codeVerifier: z.string() })

/**
 * An OpenID provider by its issuer's own description of itself, which is read at the first use: authorization code with
 * PKCE, `state` and `nonce`. A configuration allows http only where it is not strict.
 */
export function createOpenIdProvider({
  issuer,
  clientId,
  clientSecret,
  redirectUri,
  timeoutSeconds = 5,
}: OpenIdOptions): IdentityProvider {
  let discovered: Promise<oidc.Configuration> | undefined

  const configuration = (): Promise<oidc.Configuration> => {
    const url = new URL(issuer)
    const insecure = url.protocol === 'http:' ? { execute: [oidc.allowInsecureRequests] } : {}
    const options = { timeout: timeoutSeconds, ...insecure }
    discovered ??= oidc.discovery(url, clientId, clientSecret, undefined, options).catch((error: unknown) => {
      discovered = undefined
      throw error
    })
    return discovered
  }

  return {
    async begin() {
      const config = await configuration()
      const codeVerifier = oidc.randomPKCECodeVerifier()
      const checks = { state: oidc.randomState(), nonce: oidc.randomNonce(), codeVerifier }
      const url = oidc.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: 'openid email profile',
        code_challenge: await oidc.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
        state: checks.state,
        nonce: checks.nonce,
        prompt: 'select_account',
      })
      return { url: url.href, checks }
    },

    async finish(callbackUrl, checks) {
      const { state, nonce, codeVerifier } = Checks.parse(checks)
      const tokens = await oidc.authorizationCodeGrant(await configuration(), callbackUrl, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: codeVerifier,
        idTokenExpected: true,
      })
      const { sub, email, email_verified, name, picture } = Claims.parse(tokens.claims())
      return {
        subject: sub,
        email: email.toLowerCase(),
        isEmailVerified: email_verified,
        name: name ?? null,
        picture: picture ?? null,
      }
    },
  }
}

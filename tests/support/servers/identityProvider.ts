import { OAuth2Server } from 'oauth2-mock-server'
import { onTeardown } from '../teardown'

/** What a person's account at the provider says, and anything else its ID token shall hold. */
export type Claims = Record<string, unknown>

export interface TestIdentityProvider {
  issuer: string
  /** What everybody who comes from now on is there. */
  is(claims: Claims): void
}

/** An OpenID provider on this machine that asks nobody anything: who comes is sent back as the person it was told. */
export async function startIdentityProvider(): Promise<TestIdentityProvider> {
  const server = new OAuth2Server()
  await server.issuer.keys.generate('RS256')
  await server.start(0, '127.0.0.1')
  onTeardown(() => server.stop())
  let claims: Claims = {}
  server.service.on('beforeTokenSigning', (token: { payload: Claims }) => {
    Object.assign(token.payload, claims)
  })
  const issuer = server.issuer.url
  if (!issuer) throw new Error('The identity provider has no address.')
  return {
    issuer,
    is(next) {
      claims = next
    },
  }
}

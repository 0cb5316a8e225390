import { createECDH } from 'node:crypto'

/** By which push services know that something is from us (RFC 8292); base64url. */
export interface VapidKeys {
  publicKey: string
  privateKey: string
}

/** The pair of a private key: any 32 bytes of base64url. @throws where it is none. */
export function vapidKeysOf(privateKey: string): VapidKeys {
  const bytes = Buffer.from(privateKey, 'base64url')
  if (bytes.length !== 32) throw new Error('A private key has 32 bytes.')
  const curve = createECDH('prime256v1')
  curve.setPrivateKey(bytes)
  return { publicKey: curve.getPublicKey('base64url'), privateKey: bytes.toString('base64url') }
}

/** Whether this is a point of the curve, as a browser's public key is: to nothing else can anything be encrypted. */
export function isPublicKey(key: string): boolean {
  const curve = createECDH('prime256v1')
  curve.generateKeys()
  try {
    return curve.computeSecret(Buffer.from(key, 'base64url')).length > 0
  } catch {
    return false
  }
}

/** Whom a push service may turn to: RFC 8292 asks for an https or a mailto address. */
export const vapidSubject = (publicUrl: string): string =>
  publicUrl.startsWith('https:') ? publicUrl : `mailto:postmaster@${new URL(publicUrl).hostname}`

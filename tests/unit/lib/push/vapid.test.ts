import { createECDH } from 'node:crypto'
import { expect, test } from 'vitest'
import { isPublicKey, vapidKeysOf, vapidSubject } from '@/lib/push/vapid'

test('the pair of a private key is the same as whoever made it has', () => {
  const curve = createECDH('prime256v1')
  curve.generateKeys()
  const privateKey = Buffer.concat([Buffer.alloc(32), curve.getPrivateKey()])
    .subarray(-32)
    .toString('base64url')
  expect(vapidKeysOf(privateKey)).toEqual({ publicKey: curve.getPublicKey('base64url'), privateKey })
  const base64 = Buffer.from(privateKey, 'base64url').toString('base64') // as openssl writes it
  expect(vapidKeysOf(base64)).toEqual(vapidKeysOf(privateKey))
  for (const wrong of ['', 'short', Buffer.alloc(32).toString('base64url')]) expect(() => vapidKeysOf(wrong)).toThrow()
})

test('a push service is told of an address it may turn to', () => {
  expect(vapidSubject('https://chat.example.com')).toBe('https://chat.example.com')
  expect(vapidSubject('http://localhost:3000')).toBe('mailto:postmaster@localhost')
})

test('a public key is a point of the curve, not any 65 bytes', () => {
  const curve = createECDH('prime256v1')
  expect(isPublicKey(curve.generateKeys('base64url'))).toBe(true)
  for (const wrong of [Buffer.alloc(65, 4).toString('base64url'), '']) expect(isPublicKey(wrong)).toBe(false)
})

import { describe, expect, it } from 'vitest'
import { sanitize } from '@/lib/logger/sanitize'

describe('sanitize', () => {
  it.each(['token', 'password', 'cookie', 'authorization', 'sessionToken', 'Set-Cookie', 'SESSION_TOKEN_SECRET'])(
    'redacts %s, however deep',
    (name) => {
      expect(sanitize({ a: [{ [name]: 'hush', id: 1 }] })).toEqual({ a: [{ [name]: '[redacted]', id: 1 }] })
    },
  )

  it('hides the password in an address, also inside an error', () => {
    const address = 'postgresql://tandem:hunter2@db:5432/tandem'
    expect(sanitize(`cannot reach ${address}`)).toBe('cannot reach postgresql://tandem:***@db:5432/tandem')
    expect(JSON.stringify(sanitize(new Error(address)))).not.toContain('hunter2')
  })

  it('spells out an error with its code, stack and cause', () => {
    const cause = Object.assign(new Error('below'), { code: 'ECONNREFUSED' })
    expect(sanitize({ error: new TypeError('above', { cause }) })).toEqual({
      error: {
        name: 'TypeError',
        message: 'above',
        stack: expect.stringContaining('TypeError: above\n'),
        cause: { name: 'Error', message: 'below', code: 'ECONNREFUSED', stack: expect.any(String) },
      },
    })
  })

  it('makes anything possible to write as JSON', () => {
    const loop: Record<string, unknown> = { big: 1n, at: new Date(0), bad: new Date(Number.NaN), set: new Set([1]) }
    loop.self = loop
    loop.map = new Map([['token', 'hush']])
    expect(JSON.parse(JSON.stringify(sanitize(loop)))).toEqual({
      big: '1',
      at: '1970-01-01T00:00:00.000Z',
      bad: 'invalid date',
      set: [1],
      self: '[circular]',
      map: { token: '[redacted]' },
    })
  })

  it('cuts what is nested without end', () => {
    let deep: unknown = 'bottom'
    for (let level = 0; level < 1_000; level += 1) deep = { deep }
    expect(JSON.stringify(sanitize(deep))).toContain('[deeper]')
  })
})

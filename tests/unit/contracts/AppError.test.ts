import { expect, it, vi } from 'vitest'
import { AppError } from '@/contracts/errors'

it('an error of another copy of the module is an AppError too, as Next loads several', async () => {
  vi.resetModules()
  const copy = await import('@/contracts/errors')
  expect(copy.AppError).not.toBe(AppError)
  expect(new copy.AppError('NOT_FOUND')).toBeInstanceOf(AppError)
})

it('other errors, and what only looks like one, are none', () => {
  for (const other of [new Error('no'), { name: 'AppError', code: 'NOT_FOUND' }, null, 'AppError']) {
    expect(other instanceof AppError).toBe(false)
  }
})

it('an answer lists ten of many complaints', () => {
  const issues = Array.from({ length: 3_000 }, (_, i) => ({ path: `rooms.${i}`, message: 'Give an id: a string.' }))
  expect(new AppError('BAD_REQUEST', { issues }).toWire('c').issues).toEqual(issues.slice(0, 10))
})

// @vitest-environment jsdom
import { act, render, screen } from '@testing-library/react'
import { IDBOpenDBRequest } from 'fake-indexeddb'
import { expect, test, vi } from 'vitest'
import { ShellView } from '@/components/offline/ShellView'
import { AuthProvider } from '@/contexts/AuthProvider'
import { giveIndexedDb } from '../../support/indexedDb'

giveIndexedDb()

test('where the browser does not answer what it has kept, the page says that nothing was reached', async () => {
  vi.useFakeTimers()
  try {
    vi.spyOn(indexedDB, 'open').mockReturnValue(new IDBOpenDBRequest())
    render(
      <AuthProvider user={undefined}>
        <ShellView />
      </AuthProvider>,
    )
    expect(screen.queryByRole('heading')).toBeNull()
    await act(() => vi.advanceTimersByTimeAsync(5_000))
    expect(screen.getByRole('heading').textContent).toBe('Tandem cannot be reached')
  } finally {
    vi.useRealTimers()
  }
})

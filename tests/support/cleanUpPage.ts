import { afterEach } from 'vitest'

// Testing Library unmounts by itself only where the test functions are globals; in Node there is nothing to unmount.
if (typeof document !== 'undefined') {
  const { cleanup } = await import('@testing-library/react')
  afterEach(cleanup)
}

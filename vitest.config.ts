import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const isCI = process.env.CI === 'true'

export default defineConfig({
  resolve: {
    alias: {
      '@': fileURLToPath(new URL('./src', import.meta.url)),
      // The file that Node takes, and the packages on top of it: two copies of it refuse each other's schemas.
      graphql: 'graphql/index.js',
    },
  },
  test: {
    restoreMocks: true,
    unstubGlobals: true,
    unstubEnvs: true,
    // A forgotten `.only` must not hide the other tests where nobody watches.
    allowOnly: !isCI,
    coverage: { provider: 'v8', include: ['src/**/*.{ts,tsx}'], exclude: ['src/lib/db/generated/**'] },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          // Node unless a file begins with `// @vitest-environment jsdom`.
          include: ['tests/unit/**/*.test.{ts,tsx}'],
          setupFiles: ['tests/support/failOnConsole.ts', 'tests/support/cleanUpPage.ts'],
          // Importing does nothing here, so files may share what they import; a process for each takes three times as long.
          isolate: false,
          // Counting lines and a busy machine both take their time; a test that hangs is still found.
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          globalSetup: ['tests/support/toolsSetup.ts', 'tests/support/postgres/globalSetup.ts'],
          setupFiles: ['tests/support/failOnConsole.ts', 'tests/support/integrationSetup.ts'],
          // As above: loading the servers anew for each file took a third of the time.
          isolate: false,
          // Real processes on a small machine: two files at once, and time to spare before a test is called hung.
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})

import { defineConfig } from '@playwright/test'

// Set by the global setup; this file is read once before it and again in every worker.
const { CHROMIUM_PATH, E2E_PORT, CI, BENCH } = process.env

const launchOptions = (args: string[] = []) => ({ ...(CHROMIUM_PATH ? { executablePath: CHROMIUM_PATH } : {}), args })
const baseUrl = (host: string) => `http://${host}:${E2E_PORT}`

/** They count whoever is there, or end the server that all others talk to. */
const needTheAppAlone = /\/(crash|health)\.spec\.ts$/

export default defineConfig({
  testDir: 'tests/e2e',
  // Measurements print what they find and judge nothing: a shared machine would fail them by chance.
  testMatch: BENCH ? '*.bench.ts' : '*.spec.ts',
  globalSetup: './tests/e2e/support/globalSetup.ts',
  outputDir: 'reports/e2e',
  workers: 2,
  retries: 0,
  forbidOnly: CI === 'true',
  timeout: 90_000,
  expect: { timeout: 20_000 },
  use: {
    contextOptions: {
      reducedMotion: 'reduce',
      // What a test says of the network holds for pages, not for what a worker fetches beside them.
      serviceWorkers: 'block',
    },
    // Pictures for every frame would take most of a small machine's time; and where nobody opens a trace, all of it is
    // time lost.
    trace: CI === 'true' ? 'off' : { mode: 'retain-on-failure', screenshots: false },
    screenshot: 'only-on-failure',
  },
  projects: [
    {
      // Each of these tests brings its own people, so that two can run at once.
      name: 'localhost',
      testIgnore: ['plain-http.spec.ts', 'offline*.spec.ts', ...(BENCH ? [] : [needTheAppAlone])],
      use: { baseURL: baseUrl('localhost'), launchOptions: launchOptions() },
    },
    {
      // Under the name "localhost" Socket.IO's client does not listen to the browser's `offline` event.
      name: 'offline',
      testMatch: 'offline*.spec.ts',
      use: { baseURL: baseUrl('127.0.0.1'), launchOptions: launchOptions() },
    },
    {
      // As on a LAN address: no secure context, so no Secure cookie, Web Locks or randomUUID. The name needs no DNS.
      name: 'plain http',
      testMatch: 'plain-http.spec.ts',
      use: {
        baseURL: baseUrl('tandem.test'),
        launchOptions: launchOptions(['--host-resolver-rules=MAP tandem.test 127.0.0.1']),
      },
    },
    {
      name: 'alone',
      testMatch: needTheAppAlone,
      workers: 1,
      dependencies: BENCH ? [] : ['localhost', 'offline', 'plain http'],
      use: { baseURL: baseUrl('localhost'), launchOptions: launchOptions() },
    },
  ],
})

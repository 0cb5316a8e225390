import { defineConfig } from '@playwright/test'

// Set by the global setup; this file is read once before it and again in every worker.
const { CHROMIUM_PATH, ADOPTION_PORT, CI } = process.env

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  globalSetup: './globalSetup.ts',
  outputDir: '../../reports/adoption',
  workers: 1,
  retries: 0,
  forbidOnly: CI === 'true',
  // Next compiles a page when somebody first opens it, which a busy machine takes its time for.
  timeout: 240_000,
  expect: { timeout: 60_000 },
  use: {
    baseURL: `http://localhost:${ADOPTION_PORT}`,
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: CHROMIUM_PATH ? { executablePath: CHROMIUM_PATH } : {},
    screenshot: 'only-on-failure',
  },
})

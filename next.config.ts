import type { NextConfig } from 'next'

const config: NextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  // Native modules and drivers stay outside the bundle.
  serverExternalPackages: ['@node-rs/argon2', 'pg', 'winston', 'winston-daily-rotate-file'],
  // Formatting, lint and types have their own commands (`pnpm validate`), with the same tsconfig.
  typescript: { ignoreBuildErrors: true },
}

export default config

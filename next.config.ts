import type { NextConfig } from 'next'
import { securityHeaders } from './src/lib/http/securityHeaders'

const config: NextConfig = {
  reactStrictMode: true,
  // By default shared modules of up to 50 KB are copied into several chunks to save requests; with as many routes as here
  // that costs every page 13 to 16 KB (gzip). Bytes.
  experimental: { turbopackChunking: { minChunkSize: 15_000, maxMergeChunkSize: 15_000 } },
  poweredByHeader: false,
  headers: async () => [
    { source: '/:path*', headers: Object.entries(securityHeaders).map(([key, value]) => ({ key, value })) },
  ],
  // Native modules and drivers stay outside the bundle.
  serverExternalPackages: ['@node-rs/argon2', 'pg', 'winston', 'winston-daily-rotate-file'],
  // Formatting, lint and types have their own commands (`pnpm validate`), with the same tsconfig.
  typescript: { ignoreBuildErrors: true },
  // For the container image: `pnpm build:image` asks for a folder that runs without the rest of node_modules.
  ...(process.env.NEXT_OUTPUT === 'standalone' && { output: 'standalone', outputFileTracingRoot: process.cwd() }),
}

export default config

import type { NextConfig } from 'next'
import { PHASE_DEVELOPMENT_SERVER } from 'next/constants'
import { apiHeaders, securityHeaders } from './src/lib/http/securityHeaders'

const listed = (headers: Readonly<Record<string, string>>) =>
  Object.entries(headers).map(([key, value]) => ({ key, value }))

const config = (phase: string): NextConfig => ({
  // A `page.dev.tsx` is a page where one develops, and no file of any build.
  pageExtensions: [...(phase === PHASE_DEVELOPMENT_SERVER ? ['dev.tsx'] : []), 'tsx', 'ts'],
  reactStrictMode: true,
  // By default shared modules of up to 50 KB are copied into several chunks to save requests; with as many routes as here
  // that costs every page 13 to 16 KB (gzip). Bytes.
  experimental: { turbopackChunking: { minChunkSize: 15_000, maxMergeChunkSize: 15_000 } },
  poweredByHeader: false,
  // No page needs pictures to be resized, so nobody can have any resized.
  images: { unoptimized: true },
  headers: async () => [
    { source: '/:path*', headers: listed(securityHeaders) },
    // Routes send these themselves; so the page that says there is nothing at an address has them as well.
    { source: '/api/:path*', headers: listed(apiHeaders) },
  ],
  // Native modules and drivers stay outside the bundle.
  serverExternalPackages: ['@node-rs/argon2', '@node-rs/bcrypt', 'pg', 'winston', 'winston-daily-rotate-file'],
  // Formatting, lint and types have their own commands (`pnpm validate`), with the same tsconfig.
  typescript: { ignoreBuildErrors: true },
  // For the container image: `pnpm build:image` asks for a folder that runs without the rest of node_modules.
  ...(process.env.NEXT_OUTPUT === 'standalone' && { output: 'standalone', outputFileTracingRoot: process.cwd() }),
})

export default config

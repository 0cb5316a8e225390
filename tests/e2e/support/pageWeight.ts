import type { Page, Request } from '@playwright/test'

export interface Weight {
  /** Of all scripts, as they were sent: packed, without headers. */
  bytes: number
  requests: number
}

/** Counts the scripts that a page fetches from now on; call what it gives once they have come. */
export function weighScripts(page: Page): () => Promise<Weight> {
  const scripts: Request[] = []
  page.on('request', (request) => {
    if (request.resourceType() === 'script') scripts.push(request)
  })
  return async () => {
    const sizes = await Promise.all(scripts.map((request) => request.sizes()))
    return { bytes: sizes.reduce((sum, { responseBodySize }) => sum + responseBodySize, 0), requests: scripts.length }
  }
}

export const printWeight = (path: string, { bytes, requests }: Weight, budget: number): void =>
  console.log(`${path}: ${kB(bytes)} of JavaScript in ${requests} requests (budget ${kB(budget)})`)

const kB = (bytes: number) => `${(bytes / 1_000).toFixed(1)} kB`

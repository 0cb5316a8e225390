import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import type { BuildOptions } from 'esbuild'
import { packStatic } from './packStatic'
import { signal as sendSignal } from './processes'
import { inProject, inTandem, isPartOfAnApp, projectRoot } from './project'
import { ScriptError } from './ScriptError'
import { hashSources } from './sourceHash'

export const socketBundle = inProject('dist', 'websocket-standalone.mjs')
/** Next sends what lies in this folder from `/`. */
const workerFile = inProject('public', 'worker.js')
export const nextCommand = createRequire(import.meta.url).resolve('next/dist/bin/next')

const buildId = inProject('.next', 'BUILD_ID')
/** Says what the build was made of. */
export const buildStamp = inProject('.next', 'tandem-sources')

export interface EnsureBuildOptions {
  env: NodeJS.ProcessEnv
  /** Shows the output of the build; otherwise it is shown only when the build fails. */
  verbose: boolean
  /** Ends a build that is under way. */
  abort?: AbortSignal
  onProgress: (line: string) => void
}

/** Whether there is a whole build of both processes, of whatever sources. */
export const isBuilt = (): boolean =>
  [buildStamp, buildId, socketBundle, ...(isPartOfAnApp ? [] : [workerFile])].every((file) => existsSync(file))

/** Builds both processes for production, unless what is there was made of these very sources. */
export async function ensureBuild({ env, verbose, abort, onProgress }: EnsureBuildOptions): Promise<void> {
  const hash = await hashSources(projectRoot, env)
  if (isBuilt() && (await readFile(buildStamp, 'utf8')) === hash) return
  onProgress(isBuilt() ? 'Sources have changed: building' : 'Building for the first time: this takes a minute or two')
  abort?.throwIfAborted()
  await rm(buildStamp, { force: true })
  await Promise.all([
    buildWeb({ ...env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', NEXT_PUBLIC_BUILD: hash }, verbose, abort),
    // An app that Tandem is part of has pages of its own: no worker shows ours in their place.
    bundleSocket(socketBundle).then(() => (isPartOfAnApp ? undefined : bundleWorker(hash))),
  ])
  await packStatic(inProject('.next', 'static'))
  await writeFile(buildStamp, hash)
}

/**
 * Bundles the socket process. What it loads late (GraphQL) is a file of its own beside it; those of builds before stay, as a
 * process that was started from one may not have loaded it yet.
 */
export const bundleSocket = (outfile: string): Promise<void> =>
  bundle({
    ...forNode,
    entryPoints: [{ in: inTandem('src', 'server', 'websocket-standalone.ts'), out: path.parse(outfile).name }],
    outdir: path.dirname(outfile),
    outExtension: { '.js': '.mjs' },
    splitting: true,
    chunkNames: '[name]-[hash]',
  })

/** Bundles the service worker. The mark of the build makes it another file, which browsers then install; the pages have it too. */
const bundleWorker = (mark: string): Promise<void> =>
  bundle({
    entryPoints: [inTandem('src', 'worker', 'serviceWorker.ts')],
    outfile: workerFile,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    minify: true,
    define: { TANDEM_BUILD: JSON.stringify(mark) },
  })

/** Packages stay outside; our own modules and the generated Prisma client go in. */
const forNode = {
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  sourcemap: true,
  // The lines are in the bundle: Node would keep all of it in memory.
  sourcesContent: false,
} satisfies BuildOptions

/** One file to run. One at a time. */
export const buildForNode = (entryPoint: string, outfile: string): Promise<void> =>
  bundle({ ...forNode, entryPoints: [entryPoint], outfile })

async function bundle(options: BuildOptions): Promise<void> {
  const { build, stop } = await import('esbuild')
  await build({ ...options, absWorkingDir: projectRoot, bundle: true, logLevel: 'warning' })
  await stop() // its helper process would stay as long as we do
}

function buildWeb(env: NodeJS.ProcessEnv, verbose: boolean, abort: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [nextCommand, 'build'], {
      cwd: projectRoot,
      env,
      detached: true, // its workers end with it, and Ctrl-C comes from us
      stdio: ['ignore', verbose ? 'inherit' : 'pipe', verbose ? 'inherit' : 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += String(chunk)))
    const end = (): void => {
      if (child.pid) sendSignal(-child.pid, 'SIGKILL')
    }
    abort?.addEventListener('abort', end, { once: true })
    child.once('error', reject)
    child.once('close', (code) => {
      abort?.removeEventListener('abort', end)
      if (code === 0) resolve()
      else reject(new ScriptError(`${output}\nThe build failed; what it said is above.`))
    })
  })
}

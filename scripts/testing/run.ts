import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'

/** The installed tools come first, as `pnpm run` would have it. */
const withTools = (): NodeJS.ProcessEnv => ({
  ...process.env,
  PATH: [join(process.cwd(), 'node_modules', '.bin'), process.env.PATH].join(delimiter),
})

/** Runs a command line of ours with its output shown; resolves with its exit code and how long it took. */
export const run = (
  commandLine: string,
  env: Record<string, string> = {},
): Promise<{ code: number; seconds: number }> =>
  new Promise((resolve, reject) => {
    const begun = performance.now()
    const child = spawn(commandLine, {
      shell: true,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...withTools(), ...env },
    })
    child.on('error', reject)
    child.on('exit', (code) => resolve({ code: code ?? 1, seconds: (performance.now() - begun) / 1000 }))
  })

/** `pnpm check`: every `check:…` of package.json, one after another, to the end. Each counts as one. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { allPassed, printResults, type Result, writeResults } from './testing/results'
import { run } from './testing/run'

const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync('package.json', 'utf8')))

const results: Result[] = []
for (const [script, command] of Object.entries(scripts)) {
  if (!script.startsWith('check:')) continue
  const name = script.slice('check:'.length)
  console.log(`\n— ${name}: ${command}`)
  const { code, seconds } = await run(command)
  results.push({ name, passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, seconds })
}
writeResults('checks', results)
printResults(results)
process.exitCode = allPassed(results) ? 0 : 1

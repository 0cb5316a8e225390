/** `pnpm test [unit|integration|e2e …] [-- arguments for the runner]`: all kinds, one after another, to the end. */
import { allPassed, printResults, type Result, writeResults } from './testing/results'
import { type RunnerName, runnerNames, runTests } from './testing/runners'

const separator = process.argv.indexOf('--', 2)
const asked = process.argv.slice(2, separator < 0 ? undefined : separator)
const runnerArgs = separator < 0 ? [] : process.argv.slice(separator + 1)

const isRunnerName = (name: string): name is RunnerName => runnerNames.some((known) => known === name)

const unknown = asked.filter((name) => !isRunnerName(name))
if (unknown.length > 0) {
  console.error(`There are no "${unknown.join('", "')}" tests. Give any of: ${runnerNames.join(', ')}.`)
  process.exit(2)
}

const results: Result[] = []
for (const name of asked.length > 0 ? asked.filter(isRunnerName) : runnerNames) {
  console.log(`\n— ${name} tests`)
  results.push(await runTests(name, runnerArgs))
}
writeResults('tests', results)
printResults(results)
process.exitCode = allPassed(results) ? 0 : 1

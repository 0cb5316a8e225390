/**
 * `pnpm test [unit|integration|e2e …] [-- arguments for the runner]`: all kinds, one after another, to the end. With
 * `--coverage`, which takes a fifth longer, also what they cover.
 */
import { forgetCoverage, measureCoverage } from './testing/coverage'
import { allPassed, printResults, type Result, writeResults } from './testing/results'
import { type RunnerName, runnerNames, runTests } from './testing/runners'

const separator = process.argv.indexOf('--', 2)
const options = process.argv.slice(2, separator < 0 ? undefined : separator)
const runnerArgs = separator < 0 ? [] : process.argv.slice(separator + 1)

const isMeasured = options.includes('--coverage')
const asked = options.filter((option) => option !== '--coverage')

const isRunnerName = (name: string): name is RunnerName => runnerNames.some((known) => known === name)

const unknown = asked.filter((name) => !isRunnerName(name))
if (unknown.length > 0) {
  console.error(`There are no "${unknown.join('", "')}" tests. Give any of: ${runnerNames.join(', ')}.`)
  process.exit(2)
}

const names = asked.length > 0 ? asked.filter(isRunnerName) : runnerNames
if (isMeasured) forgetCoverage()

const results: Result[] = []
for (const name of names) {
  console.log(`\n— ${name} tests`)
  results.push(await runTests(name, runnerArgs, isMeasured))
}
if (isMeasured) {
  console.log('\n— coverage')
  results.push(await measureCoverage())
}
writeResults('tests', results)
printResults(results)
process.exitCode = allPassed(results) ? 0 : 1

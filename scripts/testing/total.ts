/** Prints the one line that `.ci/run` ends with: all tests and all static checks, counted from their reports. */
import { readResults } from './results'

const groups = ['tests', 'checks'].map((group) => readResults(group) ?? [{ passed: 0, failed: 1 }])
const sum = (key: 'passed' | 'failed') => groups.flat().reduce((total, result) => total + result[key], 0)

console.log(`${sum('passed')} passed, ${sum('failed')} failed`)
process.exitCode = sum('passed') > 0 && sum('failed') === 0 ? 0 : 1

/** `pnpm check:comments`: whatever contracts, services, client, hooks and lib/sockets export says what it is. */
import { undocumentedExports } from './docComments'

const { checked, undocumented } = undocumentedExports(process.cwd())

for (const one of undocumented) console.error(`Nothing is written above ${one}`)
console.log(`${checked} exports read, ${undocumented.length} without a comment.`)
process.exitCode = checked > 0 && undocumented.length === 0 ? 0 : 1

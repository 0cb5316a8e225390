/** `pnpm check:layers`: the import rules of .dependency-cruiser.cjs, over every source file. */
import { resolve } from 'node:path'
import { checkLayers } from './layers'

const { read, unread, violations, text } = await checkLayers(process.cwd(), resolve('.dependency-cruiser.cjs'))

console.log(text.trim())
console.log(`${read} source files read.`)
if (unread.length > 0) console.error(`Not read, so not checked:\n${unread.map((file) => `  ${file}`).join('\n')}`)
process.exitCode = read > 0 && unread.length === 0 && violations.length === 0 ? 0 : 1

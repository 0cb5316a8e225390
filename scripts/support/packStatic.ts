import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress } from 'node:zlib'

const pack = promisify(brotliCompress)

/** Smaller files would gain nothing, in bytes. */
const LEAST = 1_000

/** Puts a packed copy beside each script and style: made once, as small as it gets. `src/lib/http/packedFiles.ts` sends it. */
export async function packStatic(folder: string): Promise<void> {
  const names = await readdir(folder, { recursive: true })
  await Promise.all(
    names.map(async (name) => {
      if (!/\.(js|css)$/.test(name)) return
      const content = await readFile(join(folder, name))
      if (content.length >= LEAST) await writeFile(join(folder, `${name}.br`), await pack(content))
    }),
  )
}

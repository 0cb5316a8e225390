import { once } from 'node:events'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import { waitFor } from '../../support/waitFor'

const folderOf = (dataDir: string) => join(dataDir, 'mail')

/** A mail server that takes everything, into a folder that the tests' own processes look into. */
export async function startMailServer(dataDir: string): Promise<{ url: string; stop: () => void }> {
  const folder = folderOf(dataDir)
  await mkdir(folder, { recursive: true })
  let count = 0
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    async onData(stream, _, callback) {
      const parts: Buffer[] = []
      for await (const part of stream) parts.push(part)
      const file = join(folder, String(++count))
      // Whoever looks finds it whole or not at all.
      await writeFile(file, Buffer.concat(parts))
      await rename(file, `${file}.eml`)
      callback()
    },
  })
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo // a TCP server's address is always this
  return { url: `smtp://127.0.0.1:${port}`, stop: () => server.close() }
}

async function mailsTo(email: string): Promise<Email[]> {
  const folder = folderOf(process.env.E2E_DATA_DIR ?? '')
  const files = (await readdir(folder)).filter((name) => name.endsWith('.eml'))
  const mails = await Promise.all(files.map(async (name) => PostalMime.parse(await readFile(join(folder, name)))))
  return mails.filter(({ to }) => to?.some(({ address }) => address === email))
}

/** The address in the first mail to this person that leads to this page, as a path here. */
export async function mailedLink(email: string, page: string): Promise<string> {
  const found = async () =>
    (await mailsTo(email)).flatMap(({ text = '' }) => text.match(/^http\S+$/gm) ?? []).find((url) => url.includes(page))
  await waitFor(async () => (await found()) !== undefined, { timeoutMs: 20_000 })
  const { pathname, search, hash } = new URL((await found()) ?? '')
  return pathname + search + hash
}

import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { sendPackedFiles } from '@/lib/http/packedFiles'
import { packStatic } from '../../../../scripts/support/packStatic'

const script = 'export const sentence = "again and again";\n'.repeat(100)

/** A build with one large and one small script. */
const buildFolder = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-packed-'))
  await mkdir(join(folder, 'chunks'))
  await writeFile(join(folder, 'chunks', 'large.js'), script)
  await writeFile(join(folder, 'chunks', 'small.js'), 'export {}')
  await writeFile(join(folder, 'chunks', 'large.map'), script)
  await packStatic(folder)
  return folder
}

/** Stands in for Next: says which file it was asked for. */
const serve = async () => {
  const server = createServer(({ url }, response) => response.end(url))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo // a TCP server's address is always this
  return (path: string, accepts: string) =>
    new Promise<{ file: string; encoding: string | undefined; type: string | undefined }>((resolve, reject) => {
      const asked = request({ port, host: '127.0.0.1', path, headers: { 'accept-encoding': accepts } })
      asked.once('error', reject)
      asked.once('response', async (response: IncomingMessage) => {
        const chunks = await response.setEncoding('utf8').toArray()
        const { 'content-encoding': encoding, 'content-type': type } = response.headers
        resolve({ file: chunks.join(''), encoding, type })
      })
      asked.end()
    })
}

test('a packed script is sent to who takes it, and no other', async () => {
  sendPackedFiles(await buildFolder())
  const ask = await serve()
  const address = '/_next/static/chunks/large.js'

  expect(await ask(address, 'gzip, deflate, br, zstd')).toEqual({
    file: `${address}.br`,
    encoding: 'br',
    type: 'application/javascript; charset=utf-8',
  })
  expect(await ask(`${address}?dpl=1`, 'br')).toMatchObject({ file: `${address}.br` })
  expect(await ask(address, 'gzip, deflate')).toEqual({ file: address, encoding: undefined, type: undefined })
  for (const other of ['/_next/static/chunks/small.js', '/_next/static/../large.js', '/chat', '/']) {
    expect(await ask(other, 'br')).toEqual({ file: other, encoding: undefined, type: undefined })
  }
})

test('what is packed is the script itself', async () => {
  const folder = await buildFolder()
  expect(brotliDecompressSync(await readFile(join(folder, 'chunks', 'large.js.br'))).toString()).toBe(script)
})

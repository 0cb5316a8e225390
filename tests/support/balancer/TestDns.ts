import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freeLocalPort } from '../../../scripts/support/ports'
import { runTool } from '../runTool'
import { ensureSystemTool } from '../systemTools'
import { onTeardown } from '../teardown'

/** The addresses behind each name. */
export type Addresses = Record<string, readonly string[]>

export interface TestDns {
  port: number
  /** From now on these names have these addresses, and no others exist. Only once it has answered a question. */
  publish(addresses: Addresses): Promise<void>
}

/** A real DNS server that answers a name with the address of every replica, as Docker's does. */
export async function startTestDns(addresses: Addresses): Promise<TestDns> {
  const command = await ensureSystemTool('dnsmasq')
  const dir = await mkdtemp(join(tmpdir(), 'tandem-dns-'))
  onTeardown(() => rm(dir, { recursive: true, force: true }))
  await chmod(dir, 0o755) // dnsmasq reads it as another user
  const hosts = join(dir, 'hosts')
  const write = (all: Addresses) => writeFile(hosts, hostsFile(all))
  await write(addresses)
  const port = await freeLocalPort(undefined)
  const here = [`--port=${port}`, '--listen-address=127.0.0.1', '--bind-interfaces']
  const nothingElse = ['--conf-file=/dev/null', '--pid-file=', '--no-resolv', '--no-hosts', '--local-ttl=0']
  const { child } = runTool(command, ['--keep-in-foreground', ...here, ...nothingElse, `--addn-hosts=${hosts}`])
  return {
    port,
    publish: async (all) => {
      await write(all)
      child.kill('SIGHUP') // reads the file again
    },
  }
}

const hostsFile = (addresses: Addresses): string =>
  Object.entries(addresses)
    .flatMap(([name, all]) => all.map((address) => `${address} ${name}\n`))
    .join('')

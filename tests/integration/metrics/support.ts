import { vi } from 'vitest'
import type { TestServers } from '../../support/servers/servers'
import type { TestUser } from '../../support/servers/testUser'

/** Registers somebody who may administer. */
export async function adminUser(servers: TestServers, name = 'Ada'): Promise<TestUser> {
  const user = await servers.user(name)
  await servers.db.query("UPDATE users SET role = 'admin' WHERE id = $1", [user.id])
  return user
}

/** The value of one series of a text exposition; labels in any order. Undefined: there is none. */
export function seriesValue(text: string, name: string, labels: Record<string, string>): number | undefined {
  const wanted = Object.entries({ ...labels, environment: 'test' }).map(([key, value]) => `${key}="${value}"`)
  const line = text
    .split('\n')
    .find((candidate) => candidate.startsWith(`${name}{`) && wanted.every((label) => candidate.includes(label)))
  return line === undefined ? undefined : Number(line.split(' ').at(-1))
}

/** Keeps what winston prints out of the test's output; returns the lines. */
export function muteStdout(): string[] {
  const printed: string[] = []
  const { _stdout: stdout } = console as unknown as { _stdout: NodeJS.WriteStream } // Node has it, its types do not
  vi.spyOn(stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0)
  return printed
}

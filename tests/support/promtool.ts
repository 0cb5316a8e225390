import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { ensureSystemTool } from './systemTools'

/** What `promtool check metrics` complains of; empty when the text is as it should be. */
export async function promtoolComplaints(text: string): Promise<string[]> {
  const child = spawn(await ensureSystemTool('promtool'), ['check', 'metrics'])
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => lines.push(String(data)))
  child.stdin.end(text)
  const [code] = await once(child, 'close')
  if (code !== 0 && lines.length === 0) return [`promtool ended with exit code ${code}`]
  return lines.join('').split('\n').filter(Boolean)
}

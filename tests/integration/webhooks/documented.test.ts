import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeWebhookSecret, signatures } from '@/lib/webhooks/signature'
import { onTeardown } from '../../support/teardown'

const secret = makeWebhookSecret()
const body = JSON.stringify({ type: 'message.created', timestamp: '', data: { message: 'Grüße, 世界' } })

function headers(secrets: readonly string[], secondsAgo = 0) {
  const seconds = Math.floor(Date.now() / 1_000) - secondsAgo
  return {
    'webhook-id': 'evt_1',
    'webhook-timestamp': String(seconds),
    'webhook-signature': signatures(secrets, 'evt_1', seconds, body),
  }
}

/** Runs what the page says of a language with this request; what it prints, or the last line of why not. */
async function verify(language: 'js' | 'python', request: { body: string; headers: Record<string, string> }) {
  const page = await readFile('docs/api/webhooks.md', 'utf8')
  const [, code] = page.match(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``)) ?? []
  if (code === undefined) throw new Error(`The page has nothing in ${language}.`)
  const dir = await mkdtemp(join(tmpdir(), 'tandem-docs-'))
  onTeardown(() => rm(dir, { recursive: true, force: true }))
  const given = JSON.stringify(JSON.stringify({ ...request, secret }))
  const [file, program, call] =
    language === 'js'
      ? [
          'verify.mjs',
          process.execPath,
          `const r = JSON.parse(${given})\nconsole.log(verify(r.body, r.headers, r.secret).data.message)`,
        ]
      : [
          'verify.py',
          'python3',
          `r = json.loads(${given})\nprint(verify(r["body"].encode(), r["headers"], r["secret"])["data"]["message"])`,
        ]
  await writeFile(join(dir, file), `${code}\n${call}\n`)
  const { stdout, stderr } = spawnSync(program, [join(dir, file)], {
    encoding: 'utf8',
    env: { ...process.env, PYTHONIOENCODING: 'utf8' },
  })
  return stdout.trim() || /(too old|not signed with this secret)/.exec(stderr)?.[0] || stderr
}

test.each(['js', 'python'] as const)(
  'what the page says of verifying in %s knows ours from others',
  async (language) => {
    const good = { body, headers: headers([secret]) }
    expect(await verify(language, good)).toBe('Grüße, 世界')
    expect(await verify(language, { body, headers: headers([makeWebhookSecret(), secret]) })).toBe('Grüße, 世界')
    expect(await verify(language, { ...good, body: `${body} ` })).toBe('not signed with this secret')
    expect(await verify(language, { body, headers: headers([makeWebhookSecret()]) })).toBe(
      'not signed with this secret',
    )
    expect(await verify(language, { body, headers: headers([secret], 301) })).toBe('too old')
  },
)

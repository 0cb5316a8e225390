import { loadRuntimeConfig } from '@/lib/env/runtime'
import { withDatabase } from './support/connectDatabase'
import { say } from './support/output'
import { projectRoot, readEnvironment } from './support/project'
import { runScript } from './support/runScript'
import { ScriptError } from './support/ScriptError'

const usage = 'Usage: pnpm user:role EMAIL admin|user'

/** `pnpm user:role EMAIL admin|user`: gives someone who has registered a role. */
await runScript(async () => {
  const [email, role, ...more] = process.argv.slice(2)
  if (!email || !role || more.length > 0) throw new ScriptError(usage)
  if (role !== 'admin' && role !== 'user') throw new ScriptError(`There is no role "${role}". ${usage}`)
  const { databaseUrl } = await loadRuntimeConfig(readEnvironment(), projectRoot)
  const address = email.trim().toLowerCase()
  const { rows } = await withDatabase(databaseUrl, (client) =>
    client.query<{ before: string }>(
      `WITH changed AS (
         UPDATE users SET role = $2 FROM (SELECT id, role AS before FROM users WHERE email = $1 FOR UPDATE) AS found
          WHERE users.id = found.id RETURNING users.id, found.before
       ), noted AS (
         INSERT INTO audit_log (action, outcome, actor, transport, target, details)
         SELECT 'user.role', 'ok', 'system', 'system', id, jsonb_build_object('before', before, 'after', $2) FROM changed
          WHERE before <> $2
       )
       SELECT before FROM changed`,
      [address, role],
    ),
  )
  const before = rows[0]?.before
  if (before === undefined) throw new ScriptError(`Nobody has registered as ${address}.`)
  say(before === role ? `${address} is "${role}" already.` : `${address} is now "${role}" (was "${before}").`)
  return 0
})

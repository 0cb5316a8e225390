import type { Client } from 'pg'
import { Topic } from '@/contracts/notifications'
import { loadRuntimeConfig } from '@/lib/env/runtime'
import { withDatabase } from './support/connectDatabase'
import { say } from './support/output'
import { projectRoot, readEnvironment } from './support/project'
import { runScript } from './support/runScript'
import { ScriptError } from './support/ScriptError'

const usage = 'Usage: pnpm topic list | pnpm topic NAME public|private|remove | pnpm topic NAME grant|revoke EMAIL|ID'

type Act = (client: Client, name: string) => Promise<string>

const setPublic =
  (isPublic: boolean): Act =>
  async (client, name) => {
    await client.query(
      'INSERT INTO topics (name, is_public) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET is_public = excluded.is_public',
      [name, isPublic],
    )
    return isPublic ? `${name} is open to everybody.` : `${name} is open to those it is granted to.`
  }

const acts: Record<string, Act | undefined> = {
  public: setPublic(true),
  private: setPublic(false),
  async remove(client, name) {
    const { rowCount } = await client.query('DELETE FROM topics WHERE name = $1', [name])
    return rowCount === 0 ? `There is no topic ${name}.` : `${name} is removed, with all who followed it.`
  },
}

type AccessAct = (client: Client, name: string, userId: string) => Promise<unknown>

const accessActs: Record<string, AccessAct | undefined> = {
  async grant(client, name, userId) {
    await client.query('INSERT INTO topics (name) VALUES ($1) ON CONFLICT DO NOTHING', [name])
    await client.query('INSERT INTO topic_access (user_id, topic) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
      userId,
      name,
    ])
  },
  revoke: (client, name, userId) =>
    client.query('DELETE FROM topic_access WHERE user_id = $1 AND topic = $2', [userId, name]),
}

async function list(client: Client): Promise<string> {
  const { rows } = await client.query<{ name: string; is_public: boolean; granted: number; followed: number }>(
    `SELECT name, is_public, (SELECT count(*)::int FROM topic_access a WHERE a.topic = name) AS granted,
       (SELECT count(*)::int FROM topic_subscriptions s WHERE s.topic = name) AS followed
     FROM topics ORDER BY name`,
  )
  if (rows.length === 0) return 'There are no topics yet. Make one: pnpm topic NAME public'
  const words = rows.map(({ name, is_public, granted, followed }) => {
    return `${name}: ${is_public ? 'public' : `granted to ${granted}`}, followed by ${followed}`
  })
  return words.join('\n')
}

/** In an app that Tandem is part of, people are known by their ids. */
async function userIdOf(client: Client, emailOrId: string): Promise<string> {
  const address = emailOrId.trim().toLowerCase()
  const find = 'SELECT id FROM users WHERE email = $1 OR id = $2'
  const { rows } = await client.query<{ id: string }>(find, [address, emailOrId.trim()])
  if (!rows[0]) throw new ScriptError(`Nobody has registered as ${address}.`)
  return rows[0].id
}

/** `pnpm topic`: which topics there are, and to whom they are open. */
await runScript(async () => {
  const [name, word = '', email, ...more] = process.argv.slice(2)
  const [act, accessAct] = [acts[word], accessActs[word]]
  const isList = name === 'list' && word === ''
  if (!name || more.length > 0 || !(isList || (act && !email) || (accessAct && email))) throw new ScriptError(usage)
  const topic = Topic.safeParse(name)
  if (!topic.success) throw new ScriptError(topic.error.issues[0]?.message ?? usage)
  const { databaseUrl } = await loadRuntimeConfig(readEnvironment(), projectRoot)
  await withDatabase(databaseUrl, async (client) => {
    if (isList) return say(await list(client))
    if (act) return say(await act(client, name))
    await accessAct?.(client, name, await userIdOf(client, email ?? ''))
    say(word === 'grant' ? `${name} is open to ${email}.` : `${name} is not granted to ${email} any more.`)
  })
  return 0
})

import * as z from 'zod'
import { rateLimitVariables, variables } from '@/lib/env/variables'

interface Setting {
  name: string
  /** As the file shows it: the default, or an example. */
  value: string
}

/** Variables that stand together under one comment. */
interface Group {
  text: string
  settings: Setting[]
}

interface Section {
  title: string
  groups: Group[]
}

/** What .env.example says, part by part: it is where each variable is described. */
function readExample(example: string): { introduction: string; sections: Section[] } {
  const introduction: string[] = []
  const sections: Section[] = []
  let comment: string[] = []
  for (const line of example.split('\n')) {
    const [, title] = /^# ── (.*?) ─+$/.exec(line) ?? []
    const [, name, value = ''] = /^#([A-Z][A-Z0-9_]*)=(.*)$/.exec(line) ?? []
    const section = sections.at(-1)
    if (title !== undefined) {
      sections.push({ title, groups: [] })
      comment = []
    } else if (name !== undefined && section) {
      const last = section.groups.at(-1)
      if (comment.length > 0 || !last) section.groups.push({ text: comment.join(' '), settings: [{ name, value }] })
      else last.settings.push({ name, value })
      comment = []
    } else if (line.startsWith('# ')) (section ? comment : introduction).push(line.slice(2))
    else comment = []
  }
  return { introduction: introduction.join(' '), sections }
}

/** What .env.example shows of each variable. */
export const shownValues = (example: string): Setting[] =>
  readExample(example).sections.flatMap(({ groups }) => groups.flatMap(({ settings }) => settings))

const schemas: Record<string, z.ZodType> = { ...variables.shape, ...rateLimitVariables.shape }

/**
 * What a variable is when it is not set, as one would write it; undefined: it has no default.
 * @throws Error for a name that is no variable, or a default that cannot be written down.
 */
export function defaultOf(name: string): string | undefined {
  const schema = schemas[name]
  if (!schema) throw new Error(`.env.example has ${name}, which is no variable.`)
  if (!(schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)) return undefined
  const { defaultValue } = schema.def
  if (Array.isArray(defaultValue) && defaultValue.length === 0) return undefined
  if (['string', 'number', 'boolean'].includes(typeof defaultValue)) return String(defaultValue)
  throw new Error(`The default of ${name} is no text: give it by \`prefault\`, as one would write it.`)
}

/** Every variable, as .env.example describes it, with its default. */
export function configurationPage(example: string): string {
  const { introduction, sections } = readExample(example)
  const rowsOf = ({ text, settings }: Group) =>
    settings.map(({ name, value }, at) => {
      const about = at === 0 ? text.replaceAll('|', '\\|') : 'As above.'
      return `| \`${name}\` | ${defaultText(defaultOf(name), value)} | ${about} |`
    })
  const head = ['| variable | default | |', '| --- | --- | --- |']
  const parts = sections.map(({ title, groups }) =>
    [`## ${title}`, [...head, ...groups.flatMap(rowsOf)].join('\n')].join('\n\n'),
  )
  return `${[
    '<!-- Generated from .env.example and src/lib/env/variables.ts by `pnpm generate:documents`: change it there. -->',
    '# Configuration',
    `${introduction.replace(/ What stands after .*/, '').replace('this file', '`.env.example`')} A value that cannot be read stops the start with a sentence for each fault, all at once.`,
    ...parts,
  ].join('\n\n')}\n`
}

const defaultText = (byDefault: string | undefined, shown: string): string => {
  if (byDefault !== undefined) return `\`${byDefault}\``
  return shown === '' ? 'unset' : `unset; example \`${shown}\``
}

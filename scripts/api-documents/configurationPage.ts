interface Setting {
  name: string
  /** As the file shows it: the default, or how a value is written. */
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

/** Every variable, as .env.example describes it. */
export function configurationPage(example: string): string {
  const { introduction, sections } = readExample(example)
  const rowOf = ({ text, settings }: Group) => {
    const names = settings.map(({ name, value }) => `\`${name}${value && `=${value}`}\``).join('<br>')
    return `| ${names} | ${text.replaceAll('|', '\\|')} |`
  }
  const parts = sections.map(({ title, groups }) =>
    [`## ${title}`, ['| variable | |', '| --- | --- |', ...groups.map(rowOf)].join('\n')].join('\n\n'),
  )
  return `${[
    '<!-- Generated from .env.example by `pnpm generate:documents`: change it there. -->',
    '# Configuration',
    `${introduction.replace('this file', '`.env.example`')} What stands after the \`=\` is the default, or how a value is written where there is none. A value that cannot be read stops the start with a sentence for each fault, all at once.`,
    ...parts,
  ].join('\n\n')}\n`
}

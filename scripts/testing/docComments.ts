import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

/** Folders whose exports are used from outside them: each says what it is. */
const documentedFolders = ['contracts', 'services', 'client', 'hooks', 'lib/sockets'] as const

interface Exported {
  name: string
  line: number
  isDocumented: boolean
}

/** Exports without a comment, as `file:line name`. The input of a command is described by the command. */
export function undocumentedExports(projectDir: string): { checked: number; undocumented: string[] } {
  let checked = 0
  const undocumented: string[] = []
  const texts = documentedFolders
    .flatMap((folder) => sourceFiles(projectDir, join('src', folder)))
    .map((file) => ({ file, text: readFileSync(join(projectDir, file), 'utf8') }))
  const inputs = new Set(texts.flatMap(({ text }) => inputsOf(text)))
  for (const { file, text } of texts) {
    const exported = exportsOf(file, text).filter(({ name }) => !inputs.has(name))
    checked += exported.length
    for (const { name, line, isDocumented } of exported) if (!isDocumented) undocumented.push(`${file}:${line} ${name}`)
  }
  return { checked, undocumented }
}

const sourceFiles = (projectDir: string, folder: string): string[] =>
  readdirSync(join(projectDir, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(folder, name))
    .sort()

/**
 * What a module declares and exports. What it hands on from elsewhere is documented there. A schema and its type, or a
 * function's overloads, are one name: a comment above any of them is for all. A type that is only `typeof` something of the
 * module needs none of its own.
 */
export function exportsOf(file: string, text: string): Exported[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const byName = new Map<string, Exported>()
  for (const statement of source.statements) {
    if (!isExported(statement) || isTypeOfValue(statement)) continue
    const isDocumented = hasComment(statement)
    for (const { name, node } of namesOf(statement)) {
      const known = byName.get(name)
      if (known) known.isDocumented ||= isDocumented
      else
        byName.set(name, { name, isDocumented, line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1 })
    }
  }
  return [...byName.values()].filter(({ name }) => !isGivenTo(name, byName))
}

/** `OutboxDeps`: what `Outbox` of the same module is given, whose comment is for both. */
const isGivenTo = (name: string, others: ReadonlyMap<string, Exported>): boolean => {
  const [, whom] = /^(.+)(?:Deps|Options)$/.exec(name) ?? []
  const names = whom === undefined ? [] : [whom, whom.charAt(0).toLowerCase() + whom.slice(1), `create${whom}`]
  return names.some((one) => others.get(one)?.isDocumented)
}

const isExported = (statement: ts.Statement): boolean =>
  ts.canHaveModifiers(statement) &&
  (ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false)

/** `type X = typeof y`, `keyof typeof y`, `(typeof y)[number]` or `z.infer<typeof Y>`. */
const isTypeOfValue = (statement: ts.Statement): boolean =>
  ts.isTypeAliasDeclaration(statement) &&
  (isTypeOf(statement.type) ||
    (ts.isTypeReferenceNode(statement.type) && (statement.type.typeArguments ?? []).some(isTypeOf)))

function isTypeOf(type: ts.TypeNode): boolean {
  if (ts.isTypeQueryNode(type)) return true
  if (ts.isTypeOperatorNode(type) || ts.isParenthesizedTypeNode(type)) return isTypeOf(type.type)
  return ts.isIndexedAccessTypeNode(type) && isTypeOf(type.objectType)
}

/** `input: X` of a command: what it is for says the command's own comment. */
export const inputsOf = (text: string): string[] =>
  /\bcommand\(\{/.test(text) ? [...text.matchAll(/^\s*input: (\w+),$/gm)].map(([, name = '']) => name) : []

const hasComment = (statement: ts.Statement): boolean =>
  ts
    .getJSDocCommentsAndTags(statement)
    .some((part) => ts.isJSDoc(part) && part.getText().replaceAll(/[/*\s]/g, '') !== '')

function namesOf(statement: ts.Statement): { name: string; node: ts.Node }[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map((node) => ({ name: node.name.getText(), node }))
  }
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isEnumDeclaration(statement)
  return isNamed ? [{ name: statement.name?.text ?? 'default', node: statement }] : []
}

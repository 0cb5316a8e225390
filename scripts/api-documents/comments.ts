import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import ts from 'typescript'

/** What the contract's source says above a command or an event, by its file and its name there. */
interface Comment {
  file: string
  name: string
  kind: 'command' | 'event'
  /** As the source writes it; absent for what only sockets have. */
  http?: string | undefined
  text: string
}

/** The comments of all commands and events: they are written once, where these are declared. */
export const readComments = (folder: string): Comment[] =>
  readdirSync(folder).flatMap((name) => {
    const text = readFileSync(join(folder, name), 'utf8')
    return commentsOf(ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true))
  })

function commentsOf(source: ts.SourceFile): Comment[] {
  const found: Comment[] = []
  const visit = (node: ts.Node): void => {
    const declared = declarationOf(node)
    if (declared) found.push({ file: basename(source.fileName, '.ts'), ...declared })
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

/** `name: command({ … })` or `name: event(…)`, with the comment before it. */
function declarationOf(node: ts.Node): Omit<Comment, 'file'> | undefined {
  if (!ts.isPropertyAssignment(node) || !ts.isCallExpression(node.initializer)) return undefined
  const kind = node.initializer.expression.getText()
  if (kind !== 'command' && kind !== 'event') return undefined
  const text = ts
    .getJSDocCommentsAndTags(node)
    .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '')
    .join(' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
  const name = ts.isStringLiteral(node.name) ? node.name.text : node.name.getText()
  return { name, kind, http: httpOf(node.initializer), text }
}

function httpOf(call: ts.CallExpression): string | undefined {
  const [argument] = call.arguments
  if (!argument || !ts.isObjectLiteralExpression(argument)) return undefined
  const http = argument.properties.find((property) => property.name?.getText() === 'http')
  return http && ts.isPropertyAssignment(http) && ts.isStringLiteral(http.initializer)
    ? http.initializer.text
    : undefined
}

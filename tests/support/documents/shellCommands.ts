import { parse } from 'shell-quote'

/** A program with what it is given, as the shell would split it; variables stay as they are written. */
export type ShellCommand = string[]

const heredoc = /<<-?'?(\w+)'?[^\n]*\n[\s\S]*?\n\1$/gm
const assignment = /^[A-Z_]+=/

/** The commands of a block, one after another; what is piped or substituted into another is one of its own. */
export function shellCommands(block: string): ShellCommand[] {
  const commands: ShellCommand[] = []
  const lines = block.replaceAll(heredoc, '').replaceAll(/\\\n/g, ' ').split('\n')
  for (const line of lines) {
    let command: ShellCommand = []
    let skipsNext = false
    const end = () => {
      while (assignment.test(command[0] ?? '')) command.shift()
      if (command.length > 0) commands.push(command)
      command = []
    }
    for (const token of parse(line, (name) => `$${name}`)) {
      if (typeof token !== 'string' && 'comment' in token) break
      const text = typeof token === 'string' ? token : token.op === 'glob' ? token.pattern : undefined
      if (text === undefined) {
        // What follows a redirection is a file, not a command.
        skipsNext = typeof token !== 'string' && 'op' in token && /[<>]/.test(token.op)
        if (!skipsNext) end()
      } else if (skipsNext) skipsNext = false
      else command.push(text)
    }
    end()
  }
  return commands
}

import { styleText } from 'node:util'

type Color = 'green' | 'yellow' | 'cyan' | 'magenta' | 'dim' | 'bold'

/** Colour where a person reads, plain text where a file or a program does. */
export const paint = (color: Color, text: string): string => (process.stdout.isTTY ? styleText(color, text) : text)

/** One line of the start itself, as against those of the processes it runs. */
export const say = (line: string): void => void process.stdout.write(`${line}\n`)

/** A line that says what happens now. */
export const sayStep = (line: string): void => say(`${paint('cyan', '•')} ${line}`)

export const sayWarning = (line: string): void => say(`${paint('yellow', '!')} ${line}`)

/** Puts a name before each line of a stream that arrives in pieces. */
export function createLinePrefixer(name: string, write: (text: string) => void): (chunk: string) => void {
  const prefix = `${paint(name === 'web' ? 'cyan' : 'magenta', name.padEnd(6))} ${paint('dim', '│')} `
  let rest = ''
  return (chunk) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) write(`${prefix}${line}\n`)
  }
}

/** What a scenario found out, and where that is beyond what is promised. */
export class Measures {
  readonly notes: string[] = []
  readonly failures: string[] = []
  /** When everything was as before, in milliseconds after the fault ended or, where that is the limit, began. */
  recoveredMs: number | undefined

  note(fact: string): void {
    this.notes.push(fact)
  }

  /** A limit that is promised. */
  within(what: string, actualMs: number, limitMs: number): void {
    this.note(`${what} ${seconds(actualMs)}`)
    if (!(actualMs <= limitMs)) this.failures.push(`${what} took ${seconds(actualMs)}: ${seconds(limitMs)} at most`)
  }

  /** Something that must be so. */
  must(what: string, isSo: boolean): void {
    if (isSo) this.note(what)
    else this.failures.push(`not so: ${what}`)
  }

  /** Nothing of this may have happened. */
  none(what: string, findings: readonly string[]): void {
    if (findings.length === 0) this.note(`0 ${what}`)
    else this.failures.push(`${findings.length} ${what}: ${findings.slice(0, 3).join('; ')}`)
  }
}

export const seconds = (ms: number): string => (ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`)

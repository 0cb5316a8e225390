/** A part of a process with a beginning and an end. */
export interface Subsystem {
  /** @param port - what is asked for; 0: a free one. */
  start?(port: number): Promise<void> | void
  /** Ends in order what is under way. */
  stop?(): Promise<void> | void
}

/** Started in order, so that each finds what it needs; stopped once, in reverse. */
export function inOrder(subsystems: readonly Subsystem[]) {
  let stopping: Promise<void> | undefined
  const stopAll = async (): Promise<void> => {
    for (const subsystem of subsystems.toReversed()) await subsystem.stop?.()
  }
  return {
    async start(port: number): Promise<void> {
      for (const subsystem of subsystems) await subsystem.start?.(port)
    },
    stop: (): Promise<void> => {
      stopping ??= stopAll()
      return stopping
    },
  }
}

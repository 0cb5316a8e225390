/** What went over the wire that is in no contract or document, or otherwise than there. */
const faults: string[] = []

export const noteFault = (fault: string | undefined): void => {
  if (fault !== undefined) faults.push(fault)
}

/** What was found since the last call. */
export const takeFaults = (): string[] => faults.splice(0)

/** One variable that cannot be used: what is wrong with it, and what to do. */
export interface ConfigFault {
  variable: string
  problem: string
}

/** A configuration that cannot be started with. Its message is written for people and lists every fault, a line each. */
export class ConfigError extends Error {
  readonly faults: readonly ConfigFault[]

  constructor(faults: readonly ConfigFault[]) {
    super(
      faults.length === 1
        ? faults.map(({ variable, problem }) => `${variable}: ${problem}`).join()
        : ['These settings need attention:', ...faults.map((fault) => `  ${fault.variable}: ${fault.problem}`)].join(
            '\n',
          ),
    )
    this.name = 'ConfigError'
    this.faults = faults
  }
}

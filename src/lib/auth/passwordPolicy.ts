import type { ZxcvbnFactory } from '@zxcvbn-ts/core'
import type { PasswordPolicy } from '@/services/users/ports'

/** Guesses that a password must be worth: of zxcvbn's five classes, the fourth ("safely unguessable" begins here). */
const LEAST_SCORE = 3
/** Characters that are looked at: whoever writes more than these has a strong one, and the estimate's time stays bounded. */
const LOOKED_AT = 48

let estimator: Promise<ZxcvbnFactory> | undefined

/** Half a megabyte of common passwords, read at the first use and only where passwords are chosen. */
async function load(): Promise<ZxcvbnFactory> {
  const [{ ZxcvbnFactory }, { dictionary, adjacencyGraphs }] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ])
  return new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs, maxLength: LOOKED_AT })
}

/** Refuses what a guesser tries first. Passwords that exist are not looked at. */
export const commonPasswords: PasswordPolicy = {
  async weakness(password, about) {
    estimator ??= load()
    const words = about
      .flatMap((text) => [text, ...text.split('@'), ...text.split(/[\s@._-]+/)])
      .filter((word) => word.length > 2)
    const { score } = (await estimator).check(password.slice(0, LOOKED_AT), ['tandem', ...words])
    return score >= LEAST_SCORE
      ? undefined
      : 'This password is easily guessed. Choose a longer one, such as a few words that do not belong together.'
  },
}

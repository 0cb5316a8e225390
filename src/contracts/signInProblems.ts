/** Why somebody did not get in, where a page says it after a redirect: the address holds the name, never the sentence. */
export const signInProblems = {
  closed: 'No new accounts are made here at present.',
  'invited-only': 'New accounts need an invite here. Ask an administrator for one.',
  'spent-invite': 'This invite was used already, is older than seven days, or was taken back. Ask for another one.',
  'other-address': 'This invite is for another e-mail address.',
  'no-address': 'No e-mail arrives at this address. Give your own.',
  disabled: 'This account is disabled. An administrator can open it again.',
  'google-refused': 'Google did not sign you in.',
  'google-late': 'This sign-in took too long, or was used already. Please try again.',
  'google-unverified': 'Google has not verified the e-mail address of this account.',
  'google-existing':
    'There is an account with this e-mail address already. Sign in with its password, then link Google on your account page.',
  'google-linked': 'This Google account is linked already.',
  'google-somebody': 'Somebody else has signed in meanwhile. Please try again.',
  'google-failed': 'Signing in with Google did not work. Please try again.',
  limited: 'Too many attempts. Please try again in a minute.',
} as const

export type SignInProblem = keyof typeof signInProblems

/** The sentence of a name in an address; undefined for any other text. */
export const problemOf = (name: string | string[] | undefined): string | undefined =>
  Object.entries(signInProblems).find(([known]) => known === name)?.[1]

/** The name of a sentence; undefined for any other. */
export const problemNamed = (sentence: string): SignInProblem | undefined =>
  // The table's keys are the names; Object.keys forgets that.
  (Object.keys(signInProblems) as SignInProblem[]).find((name) => signInProblems[name] === sentence)

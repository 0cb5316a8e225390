import { letterOf } from './letter'
import type { Letter } from './ports'

/** How long a link for another password is good, in milliseconds. */
export const RESET_MS = 30 * 60_000

const notYou = 'If it was not you, you need not do anything: your password stays as it is.'

/** Brings the link of whoever asked for another password. */
export const resetLetter = (name: string, url: string): Letter =>
  letterOf('Choose another password', [
    { paragraph: `Hello ${name},` },
    { paragraph: 'somebody, probably you, asked for another password for your account.' },
    { button: 'Choose another password', url },
    { small: `The link works once, for ${RESET_MS / 60_000} minutes. ${notYou}` },
  ])

/** There is no password to forget. */
export const googleLetter = (name: string, url: string): Letter =>
  letterOf('Sign in with Google', [
    { paragraph: `Hello ${name},` },
    {
      paragraph:
        'somebody, probably you, asked for another password for your account. It has none: you sign in with Google.',
    },
    { button: 'Sign in', url },
    { small: 'If it was not you, you need not do anything.' },
  ])

/** Tells the owner afterwards, so that somebody else's doing does not go unnoticed. */
export const passwordChangedLetter = (name: string, url: string): Letter =>
  letterOf('Your password was changed', [
    { paragraph: `Hello ${name},` },
    {
      paragraph: 'the password of your account was changed by a link that was mailed to you. Everybody was signed out.',
    },
    { paragraph: 'If it was not you, somebody reads your mail: change its password, then choose another one here.' },
    { button: 'Choose another password', url },
  ])

/** Brings an invitation. `by`: the name of whoever invites. */
export const inviteLetter = (by: string, url: string): Letter =>
  letterOf(`${by} invites you to Tandem`, [
    { paragraph: `Hello,` },
    { paragraph: `${by} invites you to write with them on Tandem.` },
    { button: 'Make an account', url },
    { small: 'The link works once, for seven days and for this address.' },
  ])

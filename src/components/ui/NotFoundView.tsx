'use client'

import dynamic from 'next/dynamic'

/** Next gives this to every page, in case there is nothing at an address: its code comes only then. */
export const NotFoundView = dynamic(async () => (await import('./NotFoundPage')).NotFoundPage)
export const NotFoundInShell = dynamic(async () => (await import('./NotFoundPage')).NotFoundPanel)

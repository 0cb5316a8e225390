/** Below it (no mail goes there) are the addresses of people who sign in elsewhere; no account of ours may have one. */
export const IDENTITY_DOMAIN = 'identity.invalid'

/** The nonce that this page's policy asks of styles and scripts; undefined where there is none, as on the server. */
export const pageNonce = (): string | undefined =>
  typeof document === 'undefined'
    ? undefined
    : // Browsers hide the attribute from style sheets and give it to scripts alone.
      document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce || undefined

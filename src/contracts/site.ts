/** What an app that Tandem is part of has otherwise (docs/adopt.md): `scripts/adopt.mjs` writes its own. */
export const site = {
  /** Stands in titles. */
  name: 'Tandem',
  /** The path below which the web process answers: `/api/…` is at `/tandem/api/…` with `/tandem`. */
  mount: '',
}

import { createTandemTheme } from './createTandemTheme'

/** An app that Tandem is part of may have its own file in this one's place (docs/adopt.md). */
export const theme = createTandemTheme()

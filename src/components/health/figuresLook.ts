/** Figures that are not live any more lose their colour, not their legibility. */
export const figuresLook = (isPast: boolean) =>
  isPast
    ? ({ '--figure': 'var(--mui-palette-text-secondary)', filter: 'grayscale(1)' } as const)
    : ({ '--figure': 'var(--mui-palette-text-primary)' } as const)

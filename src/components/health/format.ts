/** A number as it is shown: the figure and its unit apart, so that the unit can be small. */
export interface Measure {
  value: string
  unit: string
}

const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 })
const oneDigit = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 })

/** One decimal below ten, none above: nobody reads "143.7 events a second". */
const rounded = (amount: number) => (Math.abs(amount) < 9.95 ? oneDigit : whole).format(amount)

export const count = (amount: number): string => whole.format(amount)
export const average = (amount: number): string => oneDigit.format(amount)
export const perSecond = (amount: number): Measure => ({ value: rounded(amount), unit: '/s' })
export const perMinute = (amount: number): Measure => ({ value: rounded(amount), unit: '/min' })

const exactlyOneDigit = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 })

/** "0.4 ms", "37 ms", "1.2 s". Below ten always with a decimal, so that the width stays while it moves. */
export const milliseconds = (ms: number): Measure => {
  if (ms > 0 && ms < 0.05) return { value: '<0.1', unit: 'ms' }
  if (ms > 0 && ms < 9.95) return { value: exactlyOneDigit.format(ms), unit: 'ms' }
  return ms < 999.5 ? { value: rounded(ms), unit: 'ms' } : { value: rounded(ms / 1_000), unit: 's' }
}

const kibi = 1_024

/** "512 KiB", "184 MiB", "1.4 GiB". */
export const bytes = (amount: number): Measure => {
  const [size, unit] =
    amount >= kibi ** 3
      ? [amount / kibi ** 3, 'GiB']
      : amount >= kibi ** 2
        ? [amount / kibi ** 2, 'MiB']
        : [amount / kibi, 'KiB']
  return { value: rounded(size), unit }
}

const steps = [
  { unit: 'd', seconds: 86_400 },
  { unit: 'h', seconds: 3_600 },
  { unit: 'min', seconds: 60 },
  { unit: 's', seconds: 1 },
]

/** The two largest units: "3 d 4 h", "2 h 5 min", "41 s". */
export const duration = (seconds: number): string => {
  let rest = Math.max(0, Math.floor(seconds))
  const parts: string[] = []
  for (const step of steps) {
    const amount = Math.floor(rest / step.seconds)
    rest -= amount * step.seconds
    if (amount > 0) parts.push(`${whole.format(amount)}\u00a0${step.unit}`)
    else if (parts.length > 0) break
    if (parts.length === 2) break
  }
  return parts.join(' ') || '0\u00a0s'
}

/** In one piece, for sentences: "37 ms". */
export const inWords = ({ value, unit }: Measure): string => `${value}${unit.startsWith('/') ? '' : '\u00a0'}${unit}`

export const plural = (amount: number, one: string, many = `${one}s`): string =>
  `${count(amount)}\u00a0${amount === 1 ? one : many}`

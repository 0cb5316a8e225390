import { oneOf, type Random } from '../workload/random'

const deep = (levels: number): unknown => {
  let value: unknown = 'deep'
  for (let i = 0; i < levels; i++) value = i % 2 === 0 ? [value] : { inside: value }
  return value
}

/** What has broken programs before. */
export const nasties: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1.5, 2 ** 31, 2 ** 53, -(2 ** 63), 1e308, 1e-320],
  ...['', ' ', '\u0000', 'a\u0000b', '\ud800', '\udfff\ud800', '\u202e', '\ufeff', '𝒜'.repeat(300), 'x'.repeat(5_000)],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '../../etc/passwd', '%00', '%', '_', '\\'],
  ...[
    "' OR 1=1 --",
    '"; DROP TABLE users; --',
    '#{1+1}',
    '{{7*7}}',
    '<script>',
    'NaN',
    'Infinity',
    '-0',
    '1e999',
    '00',
  ],
  ...['1970-01-01T00:00:00.000Z', '0000-00-00T00:00:00Z', '+275760-09-13T00:00:00.001Z', '-271821-04-20T00:00:00Z'],
  ...['9999-12-31T23:59:59.999Z', '2026-02-30T00:00:00Z', 'eyJ9.eyJ9.', 'bnVsbA', 'W10', 'WzFd', 'e30', '!!!!'],
  ...[[], {}, [[]], [null], [{}], { length: 5 }, { toJSON: 'x' }, JSON.parse('{"then": 1}'), { id: { $gt: '' } }],
  ...[JSON.parse('{"__proto__": {"role": "admin"}}'), JSON.parse('{"constructor": {"prototype": {"x": 1}}}')],
  ...[deep(40), deep(900), Array.from({ length: 600 }, (_, i) => `id${i}`), Array.from({ length: 300 }, () => ({}))],
]

const keys = [
  '__proto__',
  'constructor',
  'toString',
  '',
  'id',
  'roomId',
  'userId',
  'senderId',
  'rooms',
  'cursor',
  '\u0000',
]

/** The same with one thing in it changed: a value for another, a field more or less. */
export function mutate(random: Random, value: unknown): unknown {
  if (random() < 0.15) return oneOf(random, nasties)
  if (Array.isArray(value) && value.length > 0) {
    const at = Math.floor(random() * value.length)
    const choice = random()
    if (choice < 0.2) return value.filter((_, i) => i !== at)
    if (choice < 0.4) return [...value, ...value, oneOf(random, nasties)]
    return value.map((one, i) => (i === at ? mutate(random, one) : one))
  }
  if (typeof value === 'object' && value !== null && Object.keys(value).length > 0) {
    const entries = Object.entries(value)
    const at = Math.floor(random() * entries.length)
    const choice = random()
    const changed =
      choice < 0.15
        ? entries.filter((_, i) => i !== at)
        : choice < 0.3
          ? [...entries, [oneOf(random, keys), oneOf(random, nasties)] as const]
          : entries.map(
              ([key, one], i) =>
                [choice < 0.35 && i === at ? oneOf(random, keys) : key, i === at ? mutate(random, one) : one] as const,
            )
    return Object.fromEntries(changed)
  }
  if (typeof value === 'string' && random() < 0.4) return garble(random, value)
  return oneOf(random, nasties)
}

/** Text with some of it lost, doubled, turned round or replaced. */
export function garble(random: Random, text: string): string {
  const at = Math.floor(random() * (text.length + 1))
  const length = Math.floor(random() * Math.min(20, text.length - at + 1))
  const part = text.slice(at, at + length)
  const inserted = oneOf(random, [
    '',
    part + part,
    [...part].reverse().join(''),
    String.fromCharCode(Math.floor(random() * 256)),
    oneOf(random, ['"', '\\', '{', '}', '[', ']', ',', ':', '-', '/', '9'.repeat(30), '\u0000', '\u001e', '\ud83d']),
  ])
  return text.slice(0, at) + inserted + text.slice(at + length)
}

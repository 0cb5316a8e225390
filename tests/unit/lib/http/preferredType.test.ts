import { expect, test } from 'vitest'
import { preferredType } from '@/lib/http/preferredType'

const offers = ['application/json', 'application/openmetrics-text', 'text/plain'] as const

test.each([
  ['nothing', undefined, 'application/json'],
  ['an empty header', '', 'application/json'],
  ['anything', '*/*', 'application/json'],
  ['one type', 'text/plain', 'text/plain'],
  ['a family', 'text/*', 'text/plain'],
  ['a version of a type', 'text/plain;version=0.0.4;escaping=values;q=0.3, */*;q=0.2', 'text/plain'],
  ['two types alike: the order of the header decides', 'text/plain, application/json', 'text/plain'],
  ['the higher q', 'application/json;q=0.5, text/plain;q=0.9', 'text/plain'],
  ['no q, which is 1', 'application/json;q=0.9, text/plain', 'text/plain'],
  [
    'the more precise range, also with a lower q',
    'application/*, application/json;q=0.1',
    'application/openmetrics-text',
  ],
  ['a refusal by q=0', '*/*;q=0.1, application/json;q=0', 'application/openmetrics-text'],
  ['capitals and spaces', ' TEXT/Plain ; Q=1 ', 'text/plain'],
  ['spaces before q', 'text/plain; q=0.3, application/json ; q=0.9', 'application/json'],
  ['a refusal with a space', 'application/json; q=0, text/plain', 'text/plain'],
  ['one type twice: the more wanted counts', 'text/plain;version=1;q=0.2, text/plain;q=0.9, */*;q=0.5', 'text/plain'],
  ['only what we do not have', 'image/png', 'application/json'],
  ['nonsense', 'text/plain;q=2, ///, ;;, text/plain;q=high', 'application/json'],
])('prefers, asked for %s', (_, accept, type) => {
  expect(preferredType(accept, offers)).toBe(type)
})

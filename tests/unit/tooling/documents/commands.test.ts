import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { codeBlocks, documents } from '../../../support/documents/documents'
import { shellCommands } from '../../../support/documents/shellCommands'
import { faultOf, isServed } from './knownCommands'

test('every command of a document is there: scripts, options, files and addresses', () => {
  const faults = codeBlocks('bash', 'sh').flatMap(({ place, text }) =>
    shellCommands(text).flatMap((command) => {
      const fault = faultOf(command)
      return fault === undefined ? [] : [`${place}: ${fault} (${command.join(' ')})`]
    }),
  )
  expect(faults).toEqual([])
})

test('every script and request that a sentence names is there', () => {
  const faults = documents().flatMap((document) =>
    [...readFileSync(document, 'utf8').matchAll(/`((?:pnpm|curl) [^`]+)`/g)].flatMap(([, text = '']) => {
      const fault = shellCommands(text.replaceAll('|', ' ')).map(faultOf).find(Boolean) // `a|b` is a choice here
      return fault === undefined ? [] : [`${document}: ${fault}`]
    }),
  )
  expect(faults).toEqual([])
})

test('every address that a sentence names with its method is served', () => {
  const named = documents().flatMap((document) =>
    [...readFileSync(document, 'utf8').matchAll(/`(GET|POST|PUT|PATCH|DELETE) (?::\d+)?(\/[^`?\s]*)/g)].map(
      ([, method = '', path = '']) => ({ document, method, path }),
    ),
  )
  expect(named.length).toBeGreaterThan(100)
  expect(named.filter(({ method, path }) => !isServed(method, path))).toEqual([])
})

test.each([
  ['pnpm nothing', 'There is no script nothing.'],
  ['pnpm bench --nothing', "Unknown option '--nothing'"],
  ['pnpm chaos nothing', 'There is no fault nothing.'],
  ['pnpm dev --fast', 'dev has no options.'],
  ['npx -y pnpm@9.0.0 install', 'The package manager is'],
  ['A=b curl http://localhost:3000/api/nothing', 'Nothing is served at GET /api/nothing.'],
  ['curl -d x http://localhost:3000/api/health | cat', 'Nothing is served at POST /api/health.'],
  ['docker compose up -d nothing', 'docker-compose.yml has no nothing.'],
  ['kubectl apply -f docs/nothing.yaml', 'There is no docs/nothing.yaml.'],
  ['brew install node', 'brew is not among'],
])('%s is found out', (text, fault) => {
  expect(shellCommands(text).map(faultOf).join()).toContain(fault)
})

import { namespaceContracts } from '@/contracts/all'
import { oneOf, type Random } from '../workload/random'
import { garble, mutate, nasties } from './mutate'
import { sampleOf } from './sample'

const commands = Object.entries(namespaceContracts).flatMap(([namespace, contract]) =>
  Object.values(contract.commands).map((command) => ({ namespace, command })),
)
/** Socket.IO's own words, which are nobody's to say. */
const reserved = ['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener', 'error']
const strange = ['__proto__', 'constructor', '', 'x'.repeat(2_000), '\u0000', 'receiveMessage', 'commandError']

/** Engine.IO and Socket.IO by their rules, but senseless. */
const plain = [
  ...[
    '0',
    '1',
    '2',
    '3',
    '4',
    '5',
    '6',
    '7',
    '9',
    '2probe',
    '3probe',
    '',
    '\u0000',
    '4',
    '40',
    '41',
    '42',
    '43',
    '44',
    '45',
    '46',
    '49',
  ],
  ...[
    '40/chat,',
    '40/nowhere,',
    '40/chat,{"token":null}',
    '40/chat,[]',
    '40/__proto__,{}',
    '40/chat?x=1,{"token":""}',
    '40/chat,{"token":{}}',
  ],
  ...[
    '42[]',
    '42["x"]',
    '42{}',
    '42null',
    '42/chat,[]',
    '42/chat,[null]',
    '42/chat,[{}]',
    '42/chat,["ping"',
    '42/chat,"ping"',
  ],
  ...[
    '43/chat,1[]',
    '43/chat,99999999999999999999[]',
    '44/chat,{"message":"x"}',
    '451-["x",{"_placeholder":true,"num":0}]',
  ],
  ...[
    '450-/chat,["sendMessage"]',
    '4599999999-/chat,["x"]',
    '45-1-/chat,["x"]',
    '461-/chat,1[{"_placeholder":true,"num":5}]',
  ],
  ...['42/chat,12["ping",{"_placeholder":true,"num":"__proto__"}]', '41/notifications,', '41/nowhere,'],
]

/** One packet as Engine.IO carries it: of its rules some are kept, of a command's none need be. */
export function packet(random: Random, id: string): string {
  if (random() < 0.25) return random() < 0.5 ? oneOf(random, plain) : garble(random, oneOf(random, plain))
  const { namespace, command } = oneOf(random, commands)
  const word = random() < 0.85 ? command.name : oneOf(random, [...reserved, ...strange])
  const input = mutate(random, sampleOf(command.input, id))
  const args = oneOf(random, [
    [word, input],
    [word, input],
    [word, input],
    [word],
    [word, input, oneOf(random, nasties)],
    [oneOf(random, nasties), input],
  ])
  const acknowledgement = random() < 0.7 ? String(Math.floor(random() * 1_000)) : ''
  const whole = `42${namespace},${acknowledgement}${JSON.stringify(args)}`
  return random() < 0.15 ? garble(random, whole) : whole
}

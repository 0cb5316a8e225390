import { expect, test } from 'vitest'
import { runLoad, type Sender } from '../../../load/generator/load'

/** Somebody whose server answers after so many milliseconds. */
function sender(answerMs: number, answer: string | undefined = '[{"ok":true}]') {
  const sent: string[] = []
  let [inFlight, most] = [0, 0]
  const person: Sender = {
    ...{ url: '', userId: 'anna', sessionId: '', roomId: 'room' },
    client: {
      ask: (_, packet, onReply) => {
        sent.push(packet)
        inFlight += 1
        most = Math.max(most, inFlight)
        setTimeout(() => {
          inFlight -= 1
          onReply(answer.includes('"ok":true'), answer)
        }, answerMs)
      },
    },
  }
  return { person, sent, mostInFlight: () => most }
}

const mix = ['sendMessage']

test('a closed loop keeps so many unanswered and no more', async () => {
  const anna = sender(5)
  const { perSecond, askedInTime, messages, acknowledged } = await runLoad([anna.person], {
    pace: { inFlight: 3 },
    seconds: 0.2,
    mix,
  })
  expect(anna.mostInFlight()).toBe(3)
  expect(messages).toBe(anna.sent.length)
  expect(messages - askedInTime).toBeLessThanOrEqual(3)
  expect(perSecond[0]).toBeLessThanOrEqual(messages)
  expect(acknowledged.every((ms) => ms >= 4)).toBe(true)
})

test('a pace is kept, however late the answers are', async () => {
  const [anna, ben] = [sender(300), sender(300)]
  const people = [anna.person, ben.person]
  const load = { pace: { perSecond: 400 }, seconds: 0.25, mix }
  const { perSecond, afterwards, messages } = await runLoad(people, load)
  expect([anna.sent.length, ben.sent.length]).toEqual([50, 50])
  expect(messages).toBe(100)
  expect(perSecond).toEqual([0]) // none came while the load lasted
  expect(afterwards.commands).toBe(100)
  expect(afterwards.seconds).toBeGreaterThanOrEqual(0.2)
})

test('commands go round, each message has an identity of its own', async () => {
  const anna = sender(0)
  await runLoad([anna.person], { pace: { perSecond: 40 }, seconds: 0.1, mix: ['sendMessage', 'ping'] })
  const commands = anna.sent.map((packet) => JSON.parse(packet))
  expect(commands.map(([name]) => name)).toEqual(['sendMessage', 'ping', 'sendMessage', 'ping'])
  expect(commands[0][1].clientId).not.toBe(commands[2][1].clientId)
})

test('refusals are counted by their code', async () => {
  const anna = sender(0, '[{"ok":false,"error":{"code":"OVERLOADED"}}]')
  const { refused, messages } = await runLoad([anna.person], { pace: { perSecond: 40 }, seconds: 0.1, mix })
  expect(refused).toEqual({ OVERLOADED: 4 })
  expect(messages).toBe(0)
})

import { expect, test } from 'vitest'
import { describeContract } from '../../../scripts/api-documents/described'
import { exampleData, exampleInput, exampleOfEvent, exampleRequest } from '../../../scripts/api-documents/examples'

const { commands, events } = describeContract()
const idOf = (name: string, namespace: string | null) => `${namespace ?? 'HTTP'} ${name}`

test.each(commands.map(({ command }) => [idOf(command.name, command.namespace), command] as const))(
  'the example of %s is what the command takes and answers',
  (_, command) => {
    const taken = command.input.safeParse(exampleInput(command))
    expect(taken.error?.issues).toBeUndefined()
    const example = exampleData(command)
    if (example !== undefined) expect(command.data.safeParse(example).error?.issues).toBeUndefined()
    const request = exampleRequest(command)
    if (!request || !command.httpForm) return
    const asked = command.httpForm.shape.safeParse({ ...request.parameters, ...request.body })
    expect(asked.error?.issues).toBeUndefined()
  },
)

test.each(events.map(({ name, namespace, event }) => [idOf(name, namespace), event] as const))(
  'the example of the event %s is what it carries',
  (_, event) => {
    expect(event.payload.safeParse(exampleOfEvent(event)).error?.issues).toBeUndefined()
  },
)

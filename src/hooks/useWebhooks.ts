import { webhookCommands } from '@/contracts/webhooks'
import { useAnswer, useAnswerPages } from './useAnswer'
import { useClient } from './useClient'

/** All webhooks; `webhooks` is undefined before the first answer. */
export function useWebhooks() {
  const client = useClient()
  const { answer, ...list } = useAnswer(
    ['webhooks'],
    client && (() => client.transport.call(webhookCommands.listWebhooks, {})),
  )
  return { ...list, webhooks: answer?.webhooks }
}

/** What was sent to one of them, newest first. */
export function useDeliveries(id: string) {
  const client = useClient()
  const { pages, ...list } = useAnswerPages(
    ['deliveries', id],
    client && ((cursor) => client.transport.call(webhookCommands.listDeliveries, { id, ...cursor })),
  )
  return { ...list, deliveries: pages?.flatMap(({ deliveries }) => deliveries) }
}

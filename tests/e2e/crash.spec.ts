import { expect, test } from './support/fixtures'
import { killSocketProcess } from './support/socketProcess'
import { twoPeople } from './support/twoPeople'

// While the socket server is away the browser itself reports every connection that fails.
test.use({
  allowedComplaints: [/WebSocket connection to .* failed|WebSocket is already in|net::ERR_(CONNECTION|EMPTY)/],
})

test('a conversation goes on through a crash of the socket server, and nothing is lost or doubled', async ({
  openBrowser,
}) => {
  const { ada, grace } = await twoPeople(openBrowser)
  await ada.chat.send(grace.name, 'before the crash')
  await expect(grace.chat.message(ada.name, 'before the crash')).toHaveCount(1)

  killSocketProcess()
  const during = ['into the gap, one', 'into the gap, two', 'into the gap, three']
  for (const text of during) await ada.chat.send(grace.name, text)
  await grace.chat.send(ada.name, 'from the other side')

  await Promise.all([ada.chat.untilLive(), grace.chat.untilLive()])
  for (const text of during) await expect(grace.chat.message(ada.name, text)).toHaveCount(1)
  await expect(ada.chat.message(grace.name, 'from the other side')).toHaveCount(1)
  await ada.chat.send(grace.name, 'live again')
  await expect(grace.chat.message(ada.name, 'live again')).toHaveCount(1)

  // Both show one order, Ada's own messages in the order they were typed, and the same after a reload.
  const shown = await ada.chat.messages(grace.name).allInnerTexts()
  const places = during.map((text) => shown.findIndex((bubble) => bubble.includes(text)))
  expect(places).toEqual([...places].sort((a, b) => a - b))
  await ada.chat.page.reload()
  await expect(ada.chat.messages(grace.name)).toHaveCount(6)
  await expect(grace.chat.messages(ada.name)).toHaveCount(6)
})

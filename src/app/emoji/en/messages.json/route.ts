import messages from 'emojibase-data/en/messages.json'

/** Read once, when the app is built. */
export const dynamic = 'force-static'

export const GET = () => Response.json(messages)

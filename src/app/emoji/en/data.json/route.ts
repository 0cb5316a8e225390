import data from 'emojibase-data/en/data.json'

/** Read once, when the app is built. */
export const dynamic = 'force-static'

export const GET = () => Response.json(data)

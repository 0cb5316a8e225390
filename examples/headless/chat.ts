import { createInterface } from 'node:readline'
import { createTandem } from '@/client/createTandem'
import { userQueries } from '@/contracts/users'

const { TANDEM_URL = 'http://localhost:3000', TANDEM_EMAIL = '', TANDEM_PASSWORD = '' } = process.env
const [partner = ''] = process.argv.slice(2)

// Signing in is the one thing that a browser's cookie would do otherwise.
const signedIn = await fetch(`${TANDEM_URL}/api/auth/login`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ email: TANDEM_EMAIL, password: TANDEM_PASSWORD }),
})
const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? ''
const tandem = await createTandem({ baseUrl: TANDEM_URL, headers: { cookie } })

const [person] = (await tandem.transport.call(userQueries.findUsers, { query: partner })).users
if (!person) throw new Error(`There is nobody with the address ${partner}.`)
const roomId = await tandem.chat.startConversation(person.id)
const conversation = tandem.chat.conversation(roomId)
tandem.chat.openConversation(roomId)

let shownSeq = 0
const show = () => {
  for (const { seq, senderId, message } of conversation.getSnapshot().messages) {
    if (seq <= shownSeq) continue
    shownSeq = seq
    console.log(`${senderId === person.id ? person.name : 'you'}: ${message}`)
  }
}
conversation.subscribe(show)
const tellState = () => console.log(`(${tandem.connection.getSnapshot().state})`)
tandem.connection.subscribe(tellState)
tellState()

// What is typed while there is no connection waits, and goes out once, in order.
const lines = createInterface(process.stdin)
lines.on('line', (text) => tandem.chat.sendMessage(roomId, text))
lines.on('close', () => tandem.stop())

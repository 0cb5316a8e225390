import type { Group } from './Example'
import { accountExamples, signInExamples } from './examples/account'
import { chatDialogs } from './examples/chatDialogs'
import { conversations, lists } from './examples/conversations'
import { notificationExamples } from './examples/notifications'
import { pageExamples, partExamples } from './examples/parts'
import { systemExamples } from './examples/system'

/** Everything that is shown, in the order of the page. */
export const groups: Group[] = [
  { title: 'Pages', examples: pageExamples },
  { title: 'Conversations', examples: lists },
  { title: 'A conversation', examples: conversations },
  { title: 'Around a conversation', examples: chatDialogs },
  { title: 'Notifications and presence', examples: notificationExamples },
  { title: 'Signing in', examples: signInExamples },
  { title: 'Account', examples: accountExamples },
  { title: 'System', examples: systemExamples },
  { title: 'Parts', examples: partExamples },
]

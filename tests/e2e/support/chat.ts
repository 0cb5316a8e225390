import { expect, type Locator, type Page } from '@playwright/test'
import { noteSecret } from '../../support/servers/secrets'

/** The page of chats as a person finds their way through it: by roles and names, never by structure. */
export class ChatPage {
  constructor(readonly page: Page) {}

  conversations = () => this.page.getByRole('region', { name: 'Conversations' })
  conversation = (name: string) => this.conversations().getByRole('link', { name })
  messages = (name: string) => this.page.getByRole('region', { name: `Messages with ${name}` }).getByRole('listitem')
  message = (name: string, text: string) => this.messages(name).filter({ hasText: text })
  composer = (name: string) => this.page.getByRole('textbox', { name: `Message to ${name}` })
  connection = (text: string | RegExp) => this.page.getByRole('status').filter({ hasText: text, visible: true })

  async goto() {
    await this.page.goto('/chat')
    await this.untilLive()
  }

  untilLive = () => expect(this.connection('Live').first()).toBeVisible()

  /** Picks the person in the people picker, which opens the conversation with them. */
  async startConversation(name: string) {
    await this.page.getByRole('button', { name: 'New conversation' }).first().click()
    await this.page.getByRole('combobox', { name: 'Search people' }).fill(name)
    await this.page.getByRole('option', { name }).click()
    await expect(this.composer(name)).toBeVisible()
  }

  async send(name: string, text: string) {
    noteSecret('the text of a message', text)
    await this.composer(name).fill(text)
    await this.composer(name).press('Enter')
  }

  /** Waits until the own message stands there once, with this mark: Waiting to be sent, Sent, Read or Not sent. */
  async expectDelivery(message: Locator, mark: string | RegExp) {
    await expect(message).toHaveCount(1)
    await expect(message).toContainText(mark)
  }
}

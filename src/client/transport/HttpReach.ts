import type { Command, CommandData, CommandInput } from '@/contracts/command'
import { AppError } from '@/contracts/errors'
import { EventEmitter } from '../runtime/EventEmitter'
import { isSignedOut } from '../runtime/errors'
import type { HttpClient, HttpOptions } from './HttpClient'

/** An HttpClient that remembers whether the last request was answered at all: the difference of `http` and `offline`. */
export class HttpReach implements HttpClient {
  /** `answers` changed. */
  readonly changed = new EventEmitter()
  /** Our API says that the session is over. */
  readonly signedOut = new EventEmitter()
  /** Undefined before the first request ended. A refusal is an answer. */
  answers: boolean | undefined

  constructor(private readonly http: HttpClient) {}

  async call<C extends Command>(command: C, input: CommandInput<C>, options?: HttpOptions): Promise<CommandData<C>> {
    try {
      const data = await this.http.call(command, input, options)
      this.note(true)
      return data
    } catch (error) {
      // Nobody waited for the answer: that says nothing of the network.
      if (options?.signal?.aborted) throw error
      this.note(error instanceof AppError)
      if (isSignedOut(error)) this.signedOut.emit()
      throw error
    }
  }

  /** What was true of a network that is gone says nothing. */
  forget(): void {
    this.note(undefined)
  }

  private note(answers: boolean | undefined): void {
    if (this.answers === answers) return
    this.answers = answers
    this.changed.emit()
  }
}

import type { z } from 'zod'
import { AppError } from '@/contracts/errors'
import { isSignedOut } from './errors'
import type { HttpPort, HttpRequest } from './ports'
import { Signal } from './Signal'

/** An HttpPort that remembers whether the last request was answered at all: the difference of `http` and `offline`. */
export class HttpReach implements HttpPort {
  /** `answers` changed. */
  readonly changed = new Signal()
  /** Our API says that the session is over. */
  readonly signedOut = new Signal()
  /** Undefined before the first request ended. A refusal is an answer. */
  answers: boolean | undefined

  constructor(private readonly http: HttpPort) {}

  async request<Schema extends z.ZodType>(request: HttpRequest<Schema>): Promise<z.output<Schema>> {
    try {
      const data = await this.http.request(request)
      this.note(true)
      return data
    } catch (error) {
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

import type { EventPayload, EventTable } from '@/contracts/command'
import { EventEmitter } from '../runtime/EventEmitter'

/** Hands events to listeners, in the contract's form only. */
export class EventInbox<Events extends EventTable> {
  private readonly emitters = new Map<string, EventEmitter<[unknown]>>()

  constructor(
    private readonly events: Events,
    /** An event arrived in another form than the contract's. */
    private readonly unexpected: (event: string) => void,
  ) {}

  /** The answer stops listening. */
  readonly on = <Name extends keyof Events & string>(
    event: Name,
    listener: (payload: EventPayload<Events[Name]>) => void,
  ): (() => void) => {
    const schema = this.events[event]?.payload
    const emitter = this.emitters.get(event) ?? new EventEmitter<[unknown]>()
    this.emitters.set(event, emitter)
    return emitter.on((payload) => {
      const parsed = schema?.safeParse(payload)
      // The schema is the one of this event's name, which an index by a generic key does not remember.
      if (parsed?.success) listener(parsed.data as EventPayload<Events[Name]>)
      else this.unexpected(event)
    })
  }

  deliver(event: string, payload: unknown): void {
    this.emitters.get(event)?.emit(payload)
  }
}

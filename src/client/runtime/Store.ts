import { EventEmitter } from './EventEmitter'

/** A view that the page shows and keeps current: the shape that `useStore` reads. */
export class Store<View> {
  private readonly changed = new EventEmitter()
  private view: View | undefined

  /** @param compose - makes the view from what it is made of, when somebody looks. */
  constructor(private readonly compose: () => View) {}

  /** The answer stops listening. */
  readonly subscribe = this.changed.on

  /** The same object until something in it changes. */
  readonly getSnapshot = (): View => {
    this.view ??= this.compose()
    return this.view
  }

  /** What it is made of changed. */
  invalidate(): void {
    this.view = undefined
    this.changed.emit()
  }
}

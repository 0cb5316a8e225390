/** How a repository's transaction tells the other processes what it changes; the bus implements it. */
export interface Announcing {
  /** Runs a transaction that announces (NOTIFY) its changes under the name it is given. */
  transaction<T>(work: (name: string) => Promise<T>): Promise<T>
  /**
   * The same for a change that `publish` takes to all processes itself while it can: then the name is null. What comes of such
   * a change and is always announced goes by the second name.
   */
  carriedTransaction<T>(work: (name: string | null, always: string) => Promise<T>): Promise<T>
}

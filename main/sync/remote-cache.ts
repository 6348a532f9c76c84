import type { RemoteEntry, RemoteTree } from '#app/sync/tree'

/** What the cloud's folders held when they were last listed in this cycle, with what we have done there since. */
export class RemoteCache {
  readonly #listings = new Map<number, readonly RemoteEntry[]>()

  get view(): RemoteTree {
    return this.#listings
  }

  set(folderID: number, entries: readonly RemoteEntry[]): void {
    this.#listings.set(folderID, entries)
  }

  put(folderID: number, entry: RemoteEntry): void {
    const listing = this.#listings.get(folderID)
    if (listing)
      this.#listings.set(folderID, [...listing.filter(({ fileID }) => fileID !== entry.fileID), entry])
  }

  take(folderID: number, fileID: number): RemoteEntry | undefined {
    const listing = this.#listings.get(folderID)
    const entry = listing?.find((one) => one.fileID === fileID)
    if (listing && entry)
      this.#listings.set(
        folderID,
        listing.filter((one) => one !== entry),
      )
    return entry
  }

  /** Something there is not as we thought. */
  forget(folderID?: number): void {
    if (folderID === undefined) this.#listings.clear()
    else this.#listings.delete(folderID)
  }
}

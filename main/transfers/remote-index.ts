import { DriveError } from '#app/errors'
import { joinRemote } from '#app/naming'
import type { RemoteEntry } from '#app/sync/tree'

/** A file's place in the cloud: names below a folder that is known by its id (0 is the root). */
export interface Destination {
  readonly rootID: number
  readonly folders: readonly string[]
  readonly name: string
  /** Overwriting is meant for this file alone: if another has the name by now, that one stays (sync). */
  readonly replaces?: number
}

/** How to name a destination to the platform, and what is there now. */
export interface Place {
  readonly parentFileID: number
  /** The name, or with `containDir` a path with a leading slash (spec, create). */
  readonly filename: string
  readonly containDir: boolean
  /** Folders that will be made on the way, as keys for the gate. */
  readonly missing: readonly string[]
  /** What is in the folder; when it is yet to be made, what we put there. */
  readonly siblings: readonly RemoteEntry[]
}

interface Listing {
  readonly at: number
  readonly entries: readonly RemoteEntry[]
  /** For quick look-up of many files in one big folder. */
  readonly folders: ReadonlyMap<string, RemoteEntry>
}

/** A listing older than this is not believed; nor one from before the upload was asked for. */
const MAX_AGE_MS = 10 * 60_000

/** What we know of the cloud's folders: listed once for many files, forgotten when in doubt. */
export class RemoteIndex {
  readonly #list: (folderID: number) => Promise<readonly RemoteEntry[]>
  readonly #listings = new Map<number, Listing>()
  readonly #underWay = new Map<number, { readonly at: number; readonly listing: Promise<Listing> }>()
  /** Folders we had made, and when. A later listing that does not show them is right. */
  readonly #made = new Map<string, number>()
  /** Files we put into such folders. */
  readonly #put = new Map<string, { readonly at: number; readonly entry: RemoteEntry }[]>()
  readonly #now: () => number
  /** How often all was forgotten. */
  #generation = 0

  /** `list` is shared by all who ask, so it must not end when one of them is cancelled. */
  constructor(list: (folderID: number) => Promise<readonly RemoteEntry[]>, now: () => number) {
    this.#list = list
    this.#now = now
  }

  /** `notBefore`: nothing that was learnt before that moment counts. */
  async locate(to: Destination, notBefore: number): Promise<Place> {
    let parentFileID = to.rootID
    for (const [depth, name] of to.folders.entries()) {
      const listing = await this.#listing(parentFileID, notBefore)
      const folder = listing.folders.get(name)
      if (!folder) {
        if (listing.entries.some((entry) => entry.name === name)) {
          throw new DriveError('name-taken', 'A file stands where a folder is needed', { detail: name })
        }
        return this.#below(parentFileID, depth, to, notBefore, listing.at)
      }
      parentFileID = folder.fileID
    }
    const { entries } = await this.#listing(parentFileID, notBefore)
    return {
      parentFileID,
      filename: to.name,
      containDir: false,
      missing: [],
      siblings: [...entries, ...this.#putInto(to, notBefore)],
    }
  }

  /** A file of ours has arrived there, and so have the folders above it. */
  note(to: Destination, entry: RemoteEntry): void {
    for (let depth = 1; depth <= to.folders.length; depth++) this.#made.set(folderKey(to, depth), this.#now())
    const key = folderKey(to, to.folders.length)
    const put = this.#put.get(key) ?? []
    put.push({ at: this.#now(), entry })
    this.#put.set(key, put)
  }

  /** Whether a file of ours has got that very place since then. */
  wasPut(to: Destination, since: number): boolean {
    const put = this.#put.get(folderKey(to, to.folders.length)) ?? []
    return put.some(({ at, entry }) => at > since && entry.name === to.name)
  }

  /** Folders have been made; where, the next listing says. What we put there is remembered. */
  relist(): void {
    this.#generation++
    this.#underWay.clear()
    this.#listings.clear()
  }

  /** Something there is not as we thought: ask again. */
  forget(): void {
    this.relist()
    this.#made.clear()
    this.#put.clear()
  }

  #below(parentFileID: number, depth: number, to: Destination, notBefore: number, listedAt: number): Place {
    const missing: string[] = []
    for (let end = depth + 1; end <= to.folders.length; end++) {
      const key = folderKey(to, end)
      if ((this.#made.get(key) ?? -Infinity) < listedAt) missing.push(key)
    }
    const filename = joinRemote([...to.folders.slice(depth), to.name])
    return { parentFileID, filename, containDir: true, missing, siblings: this.#putInto(to, notBefore) }
  }

  #putInto(to: Destination, notBefore: number): RemoteEntry[] {
    const oldest = Math.max(notBefore, this.#now() - MAX_AGE_MS)
    return (this.#put.get(folderKey(to, to.folders.length)) ?? [])
      .filter(({ at }) => at >= oldest)
      .map(({ entry }) => entry)
  }

  async #listing(folderID: number, notBefore: number): Promise<Listing> {
    const known = this.#listings.get(folderID)
    if (known && known.at >= Math.max(notBefore, this.#now() - MAX_AGE_MS)) return known
    const underWay = this.#underWay.get(folderID)
    if (underWay && underWay.at >= notBefore) return underWay.listing
    const at = this.#now()
    const listing = this.#fetch(folderID, at)
    this.#underWay.set(folderID, { at, listing })
    try {
      return await listing
    } finally {
      if (this.#underWay.get(folderID)?.listing === listing) this.#underWay.delete(folderID)
    }
  }

  async #fetch(folderID: number, at: number): Promise<Listing> {
    const generation = this.#generation
    const entries = await this.#list(folderID)
    const folders = new Map(
      entries.filter(({ kind }) => kind === 'folder').map((entry) => [entry.name, entry]),
    )
    const fresh = { at, entries, folders }
    // Forgotten meanwhile: it may be another account's by now.
    if (generation === this.#generation) this.#listings.set(folderID, fresh)
    return fresh
  }
}

function folderKey(to: Destination, depth: number): string {
  return `${to.rootID}:${joinRemote(to.folders.slice(0, depth))}`
}

/** The file's own key, beside those of folders. */
export function fileKey(to: Destination): string {
  return `${to.rootID}:${joinRemote([...to.folders, to.name])}#file`
}

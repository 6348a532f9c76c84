import { isFinal, sentBytes, type Transfer, type TransferId, type TransferState } from '#app/transfer'
import type { TransfersChange } from '#app/ipc'
import { isIssue } from './issues.ts'
import { PositionedSet } from './positioned-set.ts'

export type Tab = 'all' | 'active' | 'done' | 'failed'
export const TABS: readonly Tab[] = ['all', 'active', 'done', 'failed']

/** Where a row stands in the list. */
type Place = 'running' | 'waiting' | 'paused' | 'queued' | 'done' | 'failed' | 'cancelled'

/** A mirror of main's transfers, kept so that a change costs what changed and not what there is. */
export class TransferList {
  readonly #byId = new Map<TransferId, Transfer>()
  // Sets keep the order in which rows came to be there.
  readonly #running = new Set<TransferId>()
  readonly #waiting = new Set<TransferId>()
  readonly #paused = new PositionedSet()
  readonly #queued = new PositionedSet()
  readonly #failed = new Set<TransferId>()
  readonly #finished = new Set<TransferId>()
  readonly #troubled = new Set<TransferId>()
  readonly #places: Record<Place, number> = {
    running: 0,
    waiting: 0,
    paused: 0,
    queued: 0,
    done: 0,
    failed: 0,
    cancelled: 0,
  }
  #bytesLeft = 0

  /** Whether a row came, went or moved: if not, the lists of ids are as they were. */
  apply({ changed, removed }: TransfersChange): boolean {
    let moved = false
    for (const id of removed) moved = this.#remove(id) || moved
    for (const transfer of changed) moved = this.#put(transfer) || moved
    return moved
  }

  get(id: TransferId): Transfer | undefined {
    return this.#byId.get(id)
  }

  get size(): number {
    return this.#byId.size
  }

  /** Bytes that are still to go, over all that is not finished. */
  get bytesLeft(): number {
    return this.#bytesLeft
  }

  get running(): number {
    return this.#places.running
  }

  /** By themselves; a pause of the whole queue is none of theirs. */
  get paused(): number {
    return this.#places.paused
  }

  counts(): Readonly<Record<Tab, number>> {
    const { running, waiting, queued, paused, done, failed } = this.#places
    return { all: this.#byId.size, active: running + waiting + queued + paused, done, failed }
  }

  /** What moves first, then what waits or is held, what is to come in its turn, then what failed and what is over, each the latest first. */
  ids(tab: Tab, search = ''): readonly TransferId[] {
    const ids = this.#idsIn(tab)
    const wanted = search.trim().toLowerCase()
    return wanted === '' ? ids : ids.filter((id) => this.#nameOf(id).includes(wanted))
  }

  /** Those that somebody should look at, in the order in which they came to be so. */
  troubled(): readonly Transfer[] {
    return [...this.#troubled].flatMap((id) => this.#byId.get(id) ?? [])
  }

  /** How many are over and need nobody. */
  get clearable(): number {
    return this.#places.done + this.#places.cancelled
  }

  /** The same, one by one. */
  clearableIds(): readonly TransferId[] {
    return [...this.#finished]
  }

  #idsIn(tab: Tab): readonly TransferId[] {
    switch (tab) {
      case 'all':
        return [...this.#idsIn('active'), ...this.#idsIn('failed'), ...[...this.#finished].reverse()]
      case 'active':
        return [...this.#running, ...this.#waiting, ...this.#paused.ids(), ...this.#queued.ids()]
      case 'failed':
        return [...this.#failed].reverse()
      case 'done':
        return [...this.#finished].reverse().filter((id) => this.#placeOf(id) === 'done')
    }
  }

  #put(transfer: Transfer): boolean {
    const before = this.#byId.get(transfer.id)
    this.#byId.set(transfer.id, transfer)
    if (isIssue(transfer)) this.#troubled.add(transfer.id)
    else this.#troubled.delete(transfer.id)
    this.#bytesLeft += leftOf(transfer) - (before ? leftOf(before) : 0)
    const place = placeOf(transfer.state)
    if (before && placeOf(before.state) === place) return this.#settle(transfer, place)
    if (before) this.#leave(transfer.id, placeOf(before.state))
    this.#places[place] += 1
    this.#settle(transfer, place)
    return true
  }

  /** Whether that moved it. */
  #settle({ id, position }: Transfer, place: Place): boolean {
    const ids = this.#idsAt(place)
    if (ids instanceof PositionedSet) return ids.put(id, position)
    ids.add(id)
    return false
  }

  #remove(id: TransferId): boolean {
    const before = this.#byId.get(id)
    if (!before) return false
    this.#byId.delete(id)
    this.#troubled.delete(id)
    this.#bytesLeft -= leftOf(before)
    this.#leave(id, placeOf(before.state))
    return true
  }

  #leave(id: TransferId, place: Place): void {
    this.#places[place] -= 1
    this.#idsAt(place).delete(id)
  }

  #idsAt(place: Place): Set<TransferId> | PositionedSet {
    switch (place) {
      case 'running':
        return this.#running
      case 'waiting':
        return this.#waiting
      case 'queued':
        return this.#queued
      case 'paused':
        return this.#paused
      case 'failed':
        return this.#failed
      case 'done':
      case 'cancelled':
        return this.#finished
    }
  }

  #placeOf(id: TransferId): Place | undefined {
    const transfer = this.#byId.get(id)
    return transfer && placeOf(transfer.state)
  }

  #nameOf(id: TransferId): string {
    return nameOf(this.#byId.get(id)?.remotePath ?? '').toLowerCase()
  }
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** A path of this computer or of the drive; only the former may have backslashes between its names, and then begins with no slash. */
export function splitPath(path: string): { readonly folder: string; readonly name: string } {
  const at = path.lastIndexOf(path.startsWith('/') ? '/' : '\\')
  return { folder: path.slice(0, at) || '/', name: path.slice(at + 1) }
}

/** `/照片/秋/a.raw` → `/照片/秋`; the root is `/`. */
export function folderOf(remotePath: string): string {
  return remotePath.slice(0, remotePath.lastIndexOf('/')) || '/'
}

function leftOf(transfer: Transfer): number {
  return isFinal(transfer.state) ? 0 : Math.max(0, transfer.size - sentBytes(transfer))
}

function placeOf(state: TransferState): Place {
  switch (state.status) {
    case 'hashing':
    case 'creating':
    case 'uploading':
    case 'completing':
      return 'running'
    case 'skipped':
      return 'done'
    default:
      return state.status
  }
}

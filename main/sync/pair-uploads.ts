import type { Failure } from '#app/errors'
import { keyOf } from '#app/sync/names'
import type { Operation } from '#app/sync/plan'
import type { Transfer, TransferId, TransferResult } from '#app/transfer'
import type { FileIdentity } from '../workers/file-identity.ts'
import type { UploadQueue } from './sync-context.ts'

export type Upload = Operation & { readonly kind: 'upload' }

/** How an upload of a pair ended. */
export type Ended =
  | {
      readonly kind: 'arrived'
      readonly upload: Upload
      readonly result: TransferResult
      readonly identity: FileIdentity
    }
  | { readonly kind: 'failed'; readonly upload: Upload; readonly failure: Failure }

/** So many of a pair are in the queue at once: what is queued is held in memory. */
const MOST_QUEUED = 200
/** So many that are done stay on the list, for somebody who looks. */
const DONE_KEPT = 50

/** The files of a pair that are on their way through the queue. */
export class PairUploads {
  readonly #queue: UploadQueue
  readonly #onEnded: () => void
  readonly #open = new Map<TransferId, Upload>()
  readonly #paths = new Map<string, TransferId>()
  #ended: Ended[] = []
  #done: TransferId[] = []

  constructor(queue: UploadQueue, onEnded: () => void) {
    this.#queue = queue
    this.#onEnded = onEnded
  }

  get size(): number {
    return this.#open.size
  }

  get isFull(): boolean {
    return this.#open.size >= MOST_QUEUED
  }

  /** There is room for many more. */
  get isLow(): boolean {
    return this.#open.size <= MOST_QUEUED / 2
  }

  paths(): Iterable<string> {
    return this.#paths.keys()
  }

  /** `remotePath`: where it shows. */
  begin(upload: Upload, path: string, remotePath: string): void {
    const { to, how, local } = upload
    const id = this.#queue.add({
      path,
      size: local.size,
      to: {
        rootID: to.parentID,
        folders: [],
        name: to.name,
        ...(how.kind === 'overwrite' ? { replaces: how.old } : {}),
      },
      onDuplicate: how.kind === 'new' ? 'fail' : how.kind === 'beside' ? 'keep-both' : 'overwrite',
      source: 'sync',
      remotePath,
    })
    // An earlier run may have left it paused with its pair.
    this.#queue.resume([id])
    this.#open.set(id, upload)
    this.#paths.set(keyOf(upload.path), id)
  }

  /** A transfer has arrived: whether it is one of these. */
  arrived(id: TransferId, result: TransferResult, identity: FileIdentity): boolean {
    const upload = this.#close(id)
    if (!upload) return false
    // Paused just as it arrived, it would wait for somebody for ever.
    this.#queue.resume([id])
    this.#ended.push({ kind: 'arrived', upload, result, identity })
    this.#done.push(id)
    if (this.#done.length > DONE_KEPT) this.#queue.clear(this.#done.splice(0, DONE_KEPT / 2))
    this.#onEnded()
    return true
  }

  /** A transfer came to another end. */
  hear({ id, state }: Transfer): void {
    const failure = failureOf(state)
    const upload = failure && this.#close(id)
    if (!upload) return
    this.#ended.push({ kind: 'failed', upload, failure })
    // The next plan says what there is to do about a file that is another by now, or none.
    if (failure.code === 'file-missing' || failure.code === 'file-changed') this.#queue.clear([id])
    this.#onEnded()
  }

  take(): readonly Ended[] {
    const ended = this.#ended
    this.#ended = []
    return ended
  }

  /** They stay where they are, with what has arrived of them. */
  pauseAll(): void {
    this.#queue.pause([...this.#open.keys()])
  }

  resumeAll(): void {
    this.#queue.resume([...this.#open.keys()])
  }

  cancelAll(): void {
    const ids = [...this.#open.keys()]
    this.#open.clear()
    this.#paths.clear()
    this.#queue.cancel(ids)
    this.#queue.clear(ids)
  }

  #close(id: TransferId): Upload | undefined {
    const upload = this.#open.get(id)
    if (!upload) return undefined
    this.#open.delete(id)
    this.#paths.delete(keyOf(upload.path))
    return upload
  }
}

function failureOf(state: Transfer['state']): Failure | undefined {
  if (state.status === 'failed' || state.status === 'skipped') return state.failure
  return state.status === 'cancelled' ? { code: 'cancelled', message: 'Cancelled' } : undefined
}

import { createHash, type Hash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { type Blob, type BlobStore, extentSchema } from './blobs.ts'
import { type Journal, Table } from './journal.ts'

const uploadSchema = z.object({
  id: z.string(),
  parentId: z.number(),
  name: z.string(),
  etag: z.string(),
  size: z.number(),
  sliceSize: z.number(),
  duplicate: z.union([z.literal(1), z.literal(2)]).exactOptional(),
  state: z.discriminatedUnion('status', [
    z.object({ status: z.literal('open') }),
    z.object({ status: z.literal('done'), fileID: z.number() }),
    z.object({ status: z.literal('failed') }),
  ]),
})
const sliceSchema = z.object({
  uploadId: z.string(),
  no: z.number(),
  blob: extentSchema.extend({ md5: z.string() }),
})

export type UploadRow = z.infer<typeof uploadSchema>

/** One preuploadID. */
export interface Upload {
  readonly row: UploadRow
  /** Slices that have arrived, by number. */
  readonly slices: ReadonlyMap<number, Blob>
  /** How upload_complete has answered so far; forgotten by a restart. */
  readonly polls: Polls
  /** MD5 of all slices in order; only meaningful when none is missing. */
  wholeMd5(): Promise<string>
}

export interface Polls {
  notYets: number
  saidChecking: boolean
  answeredAt: number
}

/** Slices needed before the upload can complete; none for an empty file. */
export function sliceCount({ size, sliceSize }: Pick<UploadRow, 'size' | 'sliceSize'>): number {
  return Math.ceil(size / sliceSize)
}

/** The uploads between `create` and their end. */
export class Uploads {
  readonly #blobs: BlobStore
  readonly #rows: Table<UploadRow>
  readonly #slices: Table<z.infer<typeof sliceSchema>>
  readonly #open = new Map<string, OpenUpload>()

  constructor(journal: Journal, blobs: BlobStore) {
    this.#blobs = blobs
    this.#rows = new Table('upload', uploadSchema, journal)
    this.#slices = new Table('slice', sliceSchema, journal)
    for (const row of this.#rows.values()) this.#open.set(row.id, new OpenUpload(row, blobs))
    for (const { uploadId, no, blob } of this.#slices.values()) this.#open.get(uploadId)?.slices.set(no, blob)
  }

  create(about: Omit<UploadRow, 'id' | 'state'>): Upload {
    const row: UploadRow = { ...about, id: randomBytes(90).toString('base64url'), state: { status: 'open' } }
    const upload = new OpenUpload(row, this.#blobs)
    this.#rows.set(row.id, row)
    this.#open.set(row.id, upload)
    return upload
  }

  get(id: string): Upload | undefined {
    return this.#open.get(id)
  }

  /** Keeps an accepted slice in place of an earlier one of that number. */
  async putSlice(id: string, no: number, blob: Blob): Promise<void> {
    const upload = this.#open.get(id)
    if (!upload) return
    const before = upload.slices.get(no)
    if (before?.md5 === blob.md5) {
      // The same bytes again: the hash may be reading the first ones just now.
      await this.#blobs.remove([blob])
      return
    }
    upload.slices.set(no, blob)
    this.#slices.set(`${id}/${no}`, { uploadId: id, no, blob })
    if (before) {
      upload.restartHash()
      await this.#blobs.remove([before])
    }
    upload.advanceHash()
  }

  /** The upload is over; what becomes of its blobs is the caller's affair. */
  end(id: string, state: UploadRow['state']): void {
    const upload = this.#open.get(id)
    if (!upload) return
    upload.row = { ...upload.row, state }
    for (const no of upload.slices.keys()) this.#slices.delete(`${id}/${no}`)
    upload.slices.clear()
    this.#rows.set(id, upload.row)
  }

  /** No hashing goes on any more. */
  async settle(): Promise<void> {
    for (const upload of this.#open.values()) upload.slices.clear()
    await Promise.allSettled([...this.#open.values()].map((upload) => upload.wholeMd5()))
  }
}

/** Its whole-file MD5 grows while slices are still arriving, so that little is left to do at the end. */
class OpenUpload implements Upload {
  row: UploadRow
  readonly slices = new Map<number, Blob>()
  readonly polls: Polls = { notYets: 0, saidChecking: false, answeredAt: 0 }
  readonly #blobs: BlobStore
  #hash: Hash = createHash('md5')
  #nextNo = 1
  #work: Promise<void> = Promise.resolve()

  constructor(row: UploadRow, blobs: BlobStore) {
    this.row = row
    this.#blobs = blobs
  }

  async wholeMd5(): Promise<string> {
    this.advanceHash()
    await this.#work
    return this.#hash.copy().digest('hex')
  }

  advanceHash(): void {
    this.#work = this.#work.then(() => this.#hashFollowing())
    // Failing is for whoever asks for the result.
    this.#work.catch(() => undefined)
  }

  /** A slice has been replaced by another: what was hashed so far is void. */
  restartHash(): void {
    this.#hash = createHash('md5')
    this.#nextNo = 1
  }

  async #hashFollowing(): Promise<void> {
    for (let blob = this.slices.get(this.#nextNo); blob; blob = this.slices.get(this.#nextNo)) {
      const hash = this.#hash
      try {
        for await (const chunk of this.#blobs.read(blob)) hash.update(chunk)
      } catch (error) {
        if (hash === this.#hash) throw error
      }
      // Else it was restarted meanwhile, and starts over with the new first slice.
      if (hash === this.#hash) this.#nextNo += 1
    }
  }
}

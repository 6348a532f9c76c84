import { createHash, randomUUID } from 'node:crypto'
import { closeSync, createReadStream, fstatSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

export const extentSchema = z.object({ file: z.string(), start: z.number(), size: z.number() })

/** Where bytes lie: a stretch of a file in the store's blob folder. */
export type Extent = z.infer<typeof extentSchema>

/** Bytes on disk, as received: a single-step file, or one slice. */
export interface Blob extends Extent {
  /** Of the bytes that arrived. */
  readonly md5: string
}

/** Up to here bytes go into the common pack: making a file for each would cost more than all the rest of a small upload. */
const PACKED_BYTES = 256 * 1024
const PACK = 'pack'
const FLUSH_BYTES = 1024 ** 2
const READ_BYTES = 1024 ** 2

/** The folder with the bytes. Nothing accepted is ever overwritten, so that a slice that is refused harms no earlier one. */
export class BlobStore {
  readonly #folder: string
  readonly #packFd: number
  #packEnd: number

  constructor(folder: string) {
    this.#folder = folder
    mkdirSync(folder, { recursive: true })
    this.#packFd = openSync(join(folder, PACK), 'a')
    this.#packEnd = fstatSync(this.#packFd).size
  }

  writer(): BlobWriter {
    const file = randomUUID()
    return new BlobWriter(file, join(this.#folder, file), (bytes) => this.#pack(bytes))
  }

  async *read({ file, start, size }: Extent): AsyncGenerator<Buffer> {
    if (size === 0) return
    const range = { start, end: start + size - 1, highWaterMark: READ_BYTES }
    for await (const chunk of createReadStream(join(this.#folder, file), range)) yield chunk as Buffer // no encoding is set
  }

  /** Packed bytes stay where they are, unused. */
  async remove(extents: readonly Extent[]): Promise<void> {
    const files = extents.map(({ file }) => file).filter((file) => file !== PACK)
    await Promise.all(files.map((file) => rm(join(this.#folder, file), { force: true })))
  }

  close(): void {
    closeSync(this.#packFd)
  }

  #pack(bytes: Uint8Array): Extent {
    const extent = { file: PACK, start: this.#packEnd, size: bytes.length }
    if (bytes.length > 0) this.#packEnd += writeSync(this.#packFd, bytes)
    return extent
  }
}

/** Hashes and writes while the bytes arrive, at most some megabytes behind. */
export class BlobWriter {
  readonly #file: string
  readonly #path: string
  readonly #pack: (bytes: Uint8Array) => Extent
  readonly #hash = createHash('md5')
  #size = 0
  #pending: Uint8Array[] = []
  #pendingBytes = 0
  #handle: FileHandle | undefined
  #writing: Promise<void> = Promise.resolve()

  constructor(file: string, path: string, pack: (bytes: Uint8Array) => Extent) {
    this.#file = file
    this.#path = path
    this.#pack = pack
  }

  /** The chunk must not change afterwards. */
  async write(chunk: Uint8Array): Promise<void> {
    this.#hash.update(chunk)
    this.#size += chunk.length
    this.#pending.push(chunk)
    this.#pendingBytes += chunk.length
    if (this.#pendingBytes >= FLUSH_BYTES) await this.#flush()
  }

  async finish(): Promise<Blob> {
    const md5 = this.#hash.digest('hex')
    if (this.#size <= PACKED_BYTES) return { ...this.#pack(Buffer.concat(this.#pending)), md5 }
    await this.#flush()
    await this.#writing
    await this.#handle?.close()
    return { file: this.#file, start: 0, size: this.#size, md5 }
  }

  async discard(): Promise<void> {
    await this.#writing.catch(() => undefined)
    await this.#handle?.close()
    if (this.#handle) await rm(this.#path, { force: true })
  }

  /** Starts the next write once the one before has ended, and does not wait for it. */
  async #flush(): Promise<void> {
    const chunks = this.#pending
    const bytes = this.#pendingBytes
    this.#pending = []
    this.#pendingBytes = 0
    await this.#writing
    const handle = (this.#handle ??= await open(this.#path, 'w'))
    this.#writing = writeAll(handle, chunks, bytes)
    // Failing is noticed by whoever awaits it next; it must not count as unhandled until then.
    this.#writing.catch(() => undefined)
  }
}

async function writeAll(handle: FileHandle, chunks: readonly Uint8Array[], bytes: number): Promise<void> {
  const { bytesWritten } = await handle.writev(chunks)
  if (bytesWritten !== bytes) throw new Error(`Only ${bytesWritten} of ${bytes} bytes were written`)
}

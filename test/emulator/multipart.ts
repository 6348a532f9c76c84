import { setTimeout as sleep } from 'node:timers/promises'
import { Busboy, type BusboyFileStream } from '@fastify/busboy'
import { breach, GATEWAY_GAVE_UP, Refusal } from './answers.ts'
import type { Blob, BlobStore, BlobWriter } from './blobs.ts'
import type { Exchange } from './exchange.ts'
import type { Quirks } from './quirks.ts'

/** A part of a form, in the order in which they came. */
export type Part =
  | { readonly kind: 'text'; readonly name: string; readonly value: string }
  | { readonly kind: 'file'; readonly name: string; readonly blob: Blob }

export type TextPart = Extract<Part, { kind: 'text' }>

interface FormOptions {
  readonly blobs: BlobStore
  readonly quirks: Quirks
  /** Awaited before a file's bytes are taken; a rejection refuses the request. */
  readonly beforeFile?: (texts: readonly TextPart[]) => Promise<void>
}

/** Reads a multipart body, files straight to disk. When it throws, nothing stays there. */
export async function readForm(exchange: Exchange, options: FormOptions): Promise<readonly Part[]> {
  const contentType = exchange.header('content-type') ?? ''
  if (!/^multipart\/form-data\s*;/iu.test(contentType))
    throw breach('Content-Type must be multipart/form-data')
  if (exchange.header('content-length') === undefined) {
    await Promise.all([exchange.drain(), sleep(options.quirks.chunkedDelayMs)])
    throw new Refusal(GATEWAY_GAVE_UP, 'a multipart body without Content-Length')
  }
  const form = new Form(contentType, options)
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      if (!exchange.isHung) reject(new Refusal(GATEWAY_GAVE_UP))
    }, options.quirks.bodyTimeoutMs)
  })
  try {
    return await Promise.race([form.read(exchange), timeout])
  } catch (error) {
    form.discard()
    throw error
  } finally {
    clearTimeout(timer)
  }
}

class Form {
  readonly #options: FormOptions
  readonly #contentType: string
  readonly #parts: (TextPart | { kind: 'file'; name: string; blob: Blob | undefined })[] = []
  readonly #files: Promise<void>[] = []
  readonly #streams: BusboyFileStream[] = []
  #discarded = false

  constructor(contentType: string, options: FormOptions) {
    this.#contentType = contentType
    this.#options = options
  }

  async read(exchange: Exchange): Promise<readonly Part[]> {
    const parser = this.#parser()
    const failed = new Promise<never>((_resolve, reject) => parser.once('error', reject))
    const finished = new Promise<void>((resolve) => parser.once('finish', resolve))
    failed.catch(() => undefined)
    let failure: Error | undefined
    for await (const chunk of exchange.chunks()) {
      // After a failure the rest is still read, and ignored: the client gets its answer when it has sent all.
      if (failure !== undefined) continue
      try {
        if (!parser.write(chunk))
          await Promise.race([new Promise((resolve) => parser.once('drain', resolve)), failed])
      } catch (error) {
        failure = error instanceof Error ? error : new Error('Unknown')
      }
    }
    parser.end()
    try {
      if (failure === undefined) await Promise.race([finished, failed])
    } catch (error) {
      failure = error instanceof Error ? error : new Error('Unknown')
    }
    if (failure !== undefined) throw breach(`参数错误: malformed multipart body (${failure.message})`)
    await Promise.all(this.#files)
    return this.#complete()
  }

  /** Whatever has been or is still being written goes away. */
  discard(): void {
    this.#discarded = true
    // Whoever still waits for their bytes is woken by this.
    for (const stream of this.#streams) stream.destroy()
    const blobs = this.#parts.flatMap((part) => (part.kind === 'file' && part.blob ? [part.blob] : []))
    void this.#options.blobs.remove(blobs)
  }

  #parser(): InstanceType<typeof Busboy> {
    const parser = create(this.#contentType)
    parser.on('field', (name, value, _nameTruncated, valueTruncated) => {
      this.#parts.push({ kind: 'text', name, value: valueTruncated ? '' : value })
    })
    parser.on('file', (name, stream) => {
      const part = { kind: 'file' as const, name, blob: undefined as Blob | undefined }
      const texts = this.#parts.filter((other) => other.kind === 'text')
      this.#parts.push(part)
      this.#streams.push(stream)
      const done = this.#receive(stream, texts).then((blob) => void (part.blob = blob))
      // Awaited only when the body has ended.
      done.catch(() => undefined)
      this.#files.push(done)
    })
    return parser
  }

  /** The stream is always read to its end: the parser waits for that. */
  async #receive(stream: BusboyFileStream, texts: readonly TextPart[]): Promise<Blob> {
    stream.on('error', () => undefined)
    const writer = this.#options.blobs.writer()
    try {
      await this.#options.beforeFile?.(texts)
      await writeAll(stream, writer, () => this.#discarded)
      if (this.#discarded) throw new Error('Discarded')
      return await writer.finish()
    } catch (error) {
      stream.resume()
      await writer.discard()
      throw error
    }
  }

  #complete(): readonly Part[] {
    return this.#parts.map((part) => {
      if (part.kind === 'text') return part
      if (!part.blob) throw new Error('A file part was not received')
      return { ...part, blob: part.blob }
    })
  }
}

function create(contentType: string): InstanceType<typeof Busboy> {
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      fileHwm: 1024 ** 2,
      highWaterMark: 1024 ** 2,
      // The samples give a file part any Content-Type; only its filename tells.
      isPartAFile: (_name, _type, filename) => filename !== undefined,
    })
  } catch (error) {
    throw breach(`参数错误: malformed multipart body (${String(error)})`)
  }
}

async function writeAll(
  stream: BusboyFileStream,
  writer: BlobWriter,
  isDiscarded: () => boolean,
): Promise<void> {
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    // no encoding is set, so never strings
    if (!isDiscarded()) await writer.write(chunk)
  }
}

/** The text fields as an object; throws when there is not exactly one file, called `fileName`, or when a field comes twice. */
export function fieldsAndFile(
  parts: readonly Part[],
  fileName: string,
): { readonly fields: Readonly<Record<string, string>>; readonly file: Blob } {
  const fields: Record<string, string> = {}
  let file: Blob | undefined
  for (const part of parts) {
    if (Object.hasOwn(fields, part.name) || (part.kind === 'file' && file))
      throw breach(`参数错误: ${part.name} twice`)
    if (part.kind === 'text') fields[part.name] = part.value
    else if (part.name === fileName) file = part.blob
    else throw breach(`参数错误: ${part.name} must not be a file`)
  }
  if (!file) throw breach(`参数错误: ${fileName} must be a file`)
  return { fields, file }
}

/** Runs what takes the files over; when it refuses, their bytes go. */
export async function keepingNothingRefused<T>(
  parts: readonly Part[],
  blobs: BlobStore,
  accept: () => Promise<T>,
): Promise<T> {
  try {
    return await accept()
  } catch (error) {
    await blobs.remove(parts.flatMap((part) => (part.kind === 'file' ? [part.blob] : [])))
    throw error
  }
}

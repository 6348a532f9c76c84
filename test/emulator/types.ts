import type { Endpoint } from './endpoint-name.ts'
import type { Quirks } from './quirks.ts'

export type { Endpoint }

export interface EmulatorOptions {
  /** Port of the API host; 0, the default, takes any (the one of last time when the store knows it). */
  readonly port?: number
  /** Folder that keeps the account between runs. Default: a temporary one, removed on close. */
  readonly store?: string
  /** A token that is valid from the start; generated when absent. It does not count towards the three of the client id. */
  readonly token?: string
  readonly quirks?: Partial<Quirks>
  /** Serves `/_emulator/…` on the API host, for tests in other processes. */
  readonly control?: boolean
  /** Told of every piece of a body as it comes in. */
  readonly onBodyBytes?: (arrived: ArrivedBytes) => void
}

export interface ArrivedBytes {
  readonly endpoint: Endpoint | 'unknown'
  /** The same for all pieces of one request, and for those of no other. */
  readonly request: object
  readonly bytes: number
}

export interface StoredFile {
  readonly fileID: number
  /** '/a/b.txt' */
  readonly path: string
  readonly size: number
  /** Recomputed from the bytes that arrived. */
  readonly md5: string
  readonly method: UploadMethod
  readonly trashed: boolean
}

/** Something in the drive, and not in the bin. */
export interface TreeEntry {
  readonly path: string
  readonly kind: 'file' | 'folder'
  readonly size: number
  readonly md5: string
  readonly fileID: number
}

export type UploadMethod = 'instant' | 'single' | 'sliced'

/** One request, as it ended. */
export interface RequestRecord {
  /** When it came in, milliseconds since 1970. */
  readonly at: number
  readonly endpoint: Endpoint | 'unknown'
  /** `127.0.0.1:port` of the listener that took it. */
  readonly host: string
  /** HTTP status; 0 when no answer was sent (cut, hung, lost, or the client left). */
  readonly status: number
  /** The envelope's code. With a lost answer it is the code that would have been sent. */
  readonly code: number | undefined
  readonly sliceNo?: number
  readonly preuploadID?: string
  /** Body bytes that arrived, multipart framing included. */
  readonly bodyBytes: number
  /** Whether it carried a live token. */
  readonly authorized: boolean
}

export interface Emulator {
  readonly url: string
  readonly uploadUrls: readonly string[]
  readonly token: string
  readonly clientID: string
  readonly clientSecret: string
  /** Mutable at run time. */
  readonly quirks: Quirks
  /** Every file there is, trashed ones included, oldest first. */
  files(): readonly StoredFile[]
  /** Paths; a folder made twice appears twice. */
  folders(): readonly string[]
  requests(): readonly RequestRecord[]
  /** Protocol rules broken by the client, in words. */
  violations(): readonly string[]
  fault(fault: Fault): void
  /** Faults that have not struck yet. */
  waitingFaults(): number
  /** The same seed gives the same faults for the same order of requests. */
  randomFaults(options: RandomFaults | undefined): void
  revoke(token: string): void
  /** Puts a file there as if another client had; replaces one of that name. */
  seed(path: string, content: Uint8Array): Promise<StoredFile>
  /** A folder, with those above it, as another client makes it. */
  seedFolder(path: string): Promise<void>
  /** What another client does to what is there. */
  remove(path: string): void
  moveTo(path: string, newPath: string): void
  /** Everything that is not in the bin, by path. */
  tree(): readonly TreeEntry[]
  close(): Promise<void>
}

export interface RandomFaults {
  readonly seed: number
  /** The share of requests that meet one, 0 to 1. */
  readonly rate: number
}

/** Something that goes wrong with a request. Those with a `sliceNo` strike when the fields before the bytes have been read. */
export type Fault = FaultTarget & FaultEffect

export interface FaultTarget {
  readonly on: Endpoint
  readonly sliceNo?: number
  /** Lets the first n matching requests pass. */
  readonly skip?: number
  /** Default 1. */
  readonly times?: number
}

export type FaultEffect =
  /** Refused, and nothing applied. `body` replaces the envelope; without `status` it is 200 when there is a `code`, else 500. */
  | {
      readonly kind: 'before'
      readonly status?: number
      readonly code?: number
      readonly message?: string
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string
    }
  /** Applied, then the socket is destroyed without an answer. */
  | { readonly kind: 'lost-answer' }
  /** The socket is destroyed after so many body bytes, or at the body's end; nothing is applied. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  /** Waits before anything (more) is read. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Reads nothing (more) and never answers. */
  | { readonly kind: 'hang' }

import type { ProxyRoute } from '#app/proxy'
import type { Slice } from '#app/slices'
import type { FileIdentity } from './file-identity.ts'

/** What a transfer thread can do. It is told everything and remembers nothing; it never opens the store or the keychain. */
export type TransferJobs = {
  /** One streaming pass: the whole file's MD5 and each slice's. Fails with `file-changed` when the identity no longer holds. */
  hash: {
    input: { readonly path: string; readonly identity: FileIdentity; readonly sliceSize: number }
    progress: { readonly bytes: number }
    output: FileHashes
  }
  slice: {
    input: SliceInput
    progress: { readonly bytes: number }
    output: Carried
  }
  single: {
    input: SingleInput
    progress: { readonly bytes: number }
    output: Carried & { readonly fileID: number; readonly completed: boolean }
  }
  /** What is open leads nowhere any more; requests under way fail. */
  forgetConnections: { input: null; progress: never; output: null }
}

export interface FileHashes {
  /** Lower-case hexadecimal. */
  readonly md5: string
  /** The slice size that `sliceMd5s` were made for. */
  readonly sliceSize: number
  readonly sliceMd5s: readonly string[]
}

/** Where to send, by which way, and as whom. */
export interface Target {
  readonly host: string
  readonly route: ProxyRoute
  readonly token: string
  /** Give up when no byte moves for this long. */
  readonly stallMs: number
  /** The limit all threads share: the memory of a Throttle. */
  readonly throttle: SharedArrayBuffer
  /** The limit makes no request last longer than this. */
  readonly stretchMs: number
}

/** A request that was answered. */
export interface Carried {
  /** How long the line and the platform took, waits for the limit aside. */
  readonly busyMs: number
}

export interface SliceInput {
  readonly path: string
  readonly identity: FileIdentity
  readonly slice: Slice
  /** From the hash pass; absent when the platform chose another slice size: then it is made by reading the slice first. */
  readonly md5: string | undefined
  readonly preuploadID: string
  readonly target: Target
}

export interface SingleInput {
  readonly path: string
  readonly identity: FileIdentity
  readonly fields: SingleFields
  readonly target: Target
}

/** The text fields of single/create, by the spec's names. */
export interface SingleFields {
  readonly parentFileID: number
  readonly filename: string
  readonly etag: string
  readonly size: number
  readonly duplicate: 1 | 2 | undefined
  readonly containDir: boolean
}

import type { ErrorCode } from '../errors.ts'
import type { RetriedCode } from '../retry.ts'

/** What went wrong in one sentence, and the one thing to do about it. */
export interface FailureWords {
  readonly why: string
  readonly action: string
}

/** Failures whose sentence is better when it names `detail`: which character, how long, which host. */
export type DetailedCode =
  | 'name-character'
  | 'name-too-long'
  | 'name-refused'
  | 'name-encoding'
  | 'insecure-server'
  | 'not-a-file'
  | 'folder-unreadable'
  | 'ambiguous'
  | 'queue-set-aside'
  | 'quota-exceeded'
  | 'proxy-failed'
  | 'update-older'

/**
 * A sentence for every code: one that is missing does not compile. `about` is `why` with its detail. `action` is said when nobody tries
 * again but the person, so it promises nothing; `waiting` stands in its place while the queue does.
 */
export type Failures = Readonly<Record<ErrorCode, FailureWords>> &
  Readonly<Record<DetailedCode, { readonly about: string }>> &
  Readonly<Record<RetriedCode, { readonly waiting: string }>>

import { join } from 'node:path'
import { Account } from './account.ts'
import { BlobStore } from './blobs.ts'
import { Drive } from './drive.ts'
import { FaultQueue } from './faults.ts'
import { Journal } from './journal.ts'
import { DEFAULT_QUIRKS, type Quirks } from './quirks.ts'
import { RateWindows } from './rate-windows.ts'
import type { ArrivedBytes, RequestRecord } from './types.ts'
import { Uploads } from './uploads.ts'

/** Everything behind the HTTP hosts: one account with its tokens, tree and uploads, and how it is to misbehave. */
export interface Platform {
  readonly quirks: Quirks
  readonly account: Account
  readonly drive: Drive
  readonly blobs: BlobStore
  readonly uploads: Uploads
  readonly faults: FaultQueue
  readonly rates: RateWindows
  readonly journal: Journal
  readonly records: RequestRecord[]
  readonly violations: string[]
  /** Own upload hosts; filled once they listen. */
  readonly uploadUrls: string[]
  /** How often single/create said 秒传队列, by name and content. */
  readonly queuedSingles: Map<string, number>
  readonly onBodyBytes: (arrived: ArrivedBytes) => void
}

export interface PlatformOptions {
  readonly folder: string
  readonly persistence: 'kept' | 'none'
  readonly token: string | undefined
  readonly quirks: Partial<Quirks>
  readonly onBodyBytes?: ((arrived: ArrivedBytes) => void) | undefined
}

export function createPlatform(options: PlatformOptions): Platform {
  const { folder, persistence, token, quirks } = options
  const journal = new Journal(persistence === 'kept' ? join(folder, 'state.jsonl') : undefined)
  const blobs = new BlobStore(join(folder, 'blobs'))
  return {
    quirks: { ...DEFAULT_QUIRKS, ...quirks },
    account: new Account(journal, token),
    drive: new Drive(journal, blobs),
    blobs,
    uploads: new Uploads(journal, blobs),
    faults: new FaultQueue(),
    rates: new RateWindows(),
    journal,
    records: [],
    violations: [],
    uploadUrls: [],
    queuedSingles: new Map(),
    onBodyBytes: options.onBodyBytes ?? (() => undefined),
  }
}

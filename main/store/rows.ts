import { z } from 'zod'
import type { ErrorCode, Failure } from '#app/errors'
import type { Tries } from '#app/retry'
import type { DuplicatePolicy, Source, TransferState } from '#app/transfer'
import { isErrorCode } from '#app/words/explain'
import type { Carry, OpenUpload } from '../transfers/job.ts'

/** What stands in the database's JSON and enumerations, parsed on the way out: a hand or another version may have been there. */

const exact = <T extends z.ZodType>(schema: T) => z.exactOptional(schema)
/** A failure that only an earlier or later version names is told as ours. */
const errorCode = z.string().transform((code): ErrorCode => (isErrorCode(code) ? code : 'internal'))

const failure = z.object({
  code: errorCode,
  message: z.string(),
  detail: exact(z.string()),
  retryAfterMs: exact(z.number()),
  traceId: exact(z.string()),
}) satisfies z.ZodType<Failure>

const tries = z.object({ attempt: z.number(), restarts: z.number() }) satisfies z.ZodType<Tries>
const method = z.enum(['instant', 'single', 'sliced', 'present'])

export const storedState = z.discriminatedUnion('status', [
  z.object({ status: z.literal('queued'), tries }),
  z.object({ status: z.literal('hashing'), tries, hashed: z.number() }),
  z.object({ status: z.literal('creating'), tries }),
  z.object({
    status: z.literal('uploading'),
    tries,
    sent: z.number(),
    slicesDone: z.number(),
    slices: z.number(),
  }),
  z.object({ status: z.literal('completing'), tries }),
  z.object({ status: z.literal('waiting'), tries, failure, retryAt: z.number() }),
  z.object({ status: z.literal('paused'), tries, until: exact(z.number()) }),
  z.object({
    status: z.literal('done'),
    finishedAt: z.number(),
    fileID: z.number(),
    method,
    md5: z.string(),
    sentBytes: z.number(),
  }),
  z.object({ status: z.literal('skipped'), failure, finishedAt: z.number() }),
  z.object({ status: z.literal('failed'), failure, finishedAt: z.number() }),
  z.object({ status: z.literal('cancelled'), finishedAt: z.number() }),
]) satisfies z.ZodType<TransferState>

const upload = z.object({
  preuploadID: z.string(),
  sliceSize: z.number().int().positive(),
  servers: z.array(z.string()),
  duplicate: z.union([z.literal(1), z.literal(2)]).optional(),
})

/** What it takes to go on, but for the slices, which have rows of their own. */
export const storedCarry = z.object({
  owner: exact(z.string()),
  identity: exact(z.object({ dev: z.string(), ino: z.string(), size: z.number(), mtimeNs: z.string() })),
  hashes: exact(
    z.object({ md5: z.string(), sliceSize: z.number(), sliceMd5s: z.array(z.string()).readonly() }),
  ),
  upload: exact(upload),
  before: exact(z.array(z.number())),
  failures: z.number(),
  sentBytes: z.number(),
})

export function printCarry({
  owner,
  identity,
  hashes,
  upload: open,
  before,
  failures,
  sentBytes,
}: Carry): string {
  const kept: z.input<typeof storedCarry> = {
    failures,
    sentBytes,
    ...(owner === undefined ? {} : { owner }),
    ...(identity ? { identity } : {}),
    ...(hashes ? { hashes } : {}),
    ...(before ? { before: [...before] } : {}),
    ...(open ? { upload: printUpload(open) } : {}),
  }
  return JSON.stringify(kept)
}

function printUpload({ preuploadID, sliceSize, servers, duplicate }: OpenUpload): z.input<typeof upload> {
  return { preuploadID, sliceSize, servers: [...servers], duplicate }
}

export const storedPlace = z.object({
  path: z.string(),
  rootID: z.number(),
  names: z.array(z.string()).min(1),
})
export const storedSource = z.enum(['manual', 'shell', 'cli']) satisfies z.ZodType<Source>
export const storedPolicy = z.enum([
  'fail',
  'keep-both',
  'overwrite',
  'skip',
]) satisfies z.ZodType<DuplicatePolicy>

export const transferRow = z.object({
  id: z.string(),
  position: z.number(),
  remote_path: z.string(),
  size: z.number(),
  source: storedSource,
  added_at: z.number(),
  asked_at: z.number(),
  place: z.string(),
  on_duplicate: storedPolicy,
  started_over: errorCode.nullable(),
  state: z.string(),
  carry: z.string(),
})

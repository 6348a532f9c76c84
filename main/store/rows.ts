import { z } from 'zod'
import type { ErrorCode, Failure } from '#app/errors'
import { joinRemote } from '#app/naming'
import type { Tries } from '#app/retry'
import {
  isFinal,
  type DuplicatePolicy,
  type Source,
  type TransferId,
  type TransferState,
} from '#app/transfer'
import { isErrorCode } from '#app/words/explain'
import { carryOfDone, type Carry, type OpenUpload } from '../transfers/job.ts'
import type { StoredTransfer } from '../transfers/queue-store.ts'

/** What stands in the database's JSON and enumerations, parsed on the way out: a hand or another version may have been there. */

const exact = <T extends z.ZodType>(schema: T) => z.exactOptional(schema)
/** A failure that only an earlier or later version names is told as ours. */
const errorCode = z.string().transform((code): ErrorCode => (isErrorCode(code) ? code : 'internal'))

export const storedFailure = z.object({
  code: errorCode,
  message: z.string(),
  detail: exact(z.string()),
  retryAfterMs: exact(z.number()),
  traceId: exact(z.string()),
}) satisfies z.ZodType<Failure>

const tries = z.object({ attempt: z.number(), restarts: z.number() }) satisfies z.ZodType<Tries>
const method = z.enum(['instant', 'single', 'sliced', 'present'])

const storedState = z.discriminatedUnion('status', [
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
  z.object({ status: z.literal('waiting'), tries, failure: storedFailure, retryAt: z.number() }),
  z.object({ status: z.literal('paused'), tries, until: exact(z.number()) }),
  z.object({
    status: z.literal('done'),
    finishedAt: z.number(),
    fileID: z.number(),
    method,
    md5: z.string(),
    sentBytes: z.number(),
  }),
  z.object({ status: z.literal('skipped'), failure: storedFailure, finishedAt: z.number() }),
  z.object({ status: z.literal('failed'), failure: storedFailure, finishedAt: z.number() }),
  z.object({ status: z.literal('cancelled'), finishedAt: z.number() }),
]) satisfies z.ZodType<TransferState>

const upload = z.object({
  preuploadID: z.string(),
  sliceSize: z.number().int().positive(),
  servers: z.array(z.string()),
  duplicate: z.union([z.literal(1), z.literal(2)]).optional(),
})

/** What it takes to go on, but for the slices, which have rows of their own. */
const storedCarry = z.object({
  owner: exact(z.string()),
  identity: exact(z.object({ dev: z.string(), ino: z.string(), size: z.number(), mtimeNs: z.string() })),
  hashes: exact(
    z.object({ md5: z.string(), sliceSize: z.number(), sliceMd5s: z.array(z.string()).readonly() }),
  ),
  upload: exact(upload),
  before: exact(z.array(z.number())),
  failures: z.number(),
  sentBytes: z.number(),
  lastFailure: exact(z.object({ failure: storedFailure, at: z.number(), times: z.number() })),
  completedSliceSize: exact(z.number().int().positive()),
})

function printCarry({
  owner,
  identity,
  hashes,
  upload: open,
  before,
  failures,
  sentBytes,
  lastFailure,
  completedSliceSize,
}: Carry): string {
  const kept: z.input<typeof storedCarry> = {
    failures,
    sentBytes,
    ...(owner === undefined ? {} : { owner }),
    ...(identity ? { identity } : {}),
    ...(hashes ? { hashes } : {}),
    ...(before ? { before: [...before] } : {}),
    ...(open ? { upload: printUpload(open) } : {}),
    ...(lastFailure ? { lastFailure } : {}),
    ...(completedSliceSize === undefined ? {} : { completedSliceSize }),
  }
  return JSON.stringify(kept)
}

function printUpload({ preuploadID, sliceSize, servers, duplicate }: OpenUpload): z.input<typeof upload> {
  return { preuploadID, sliceSize, servers: [...servers], duplicate }
}

const storedPlace = z.object({
  path: z.string(),
  rootID: z.number(),
  names: z.array(z.string()).min(1),
  replaces: exact(z.number()),
  /** Where it shows, if the folder that is known by its id is not the drive's root. */
  shown: exact(z.string()),
})
const storedSource = z.enum(['manual', 'shell', 'cli', 'sync']) satisfies z.ZodType<Source>
const storedPolicy = z.enum(['fail', 'keep-both', 'overwrite', 'skip']) satisfies z.ZodType<DuplicatePolicy>

/** Where added files go and how, as it stands in JSON. */
export const storedAddOptions = z.object({
  rootID: z.number(),
  folders: z.array(z.string()),
  onDuplicate: storedPolicy,
  exclude: z.array(z.string()),
  source: storedSource,
})

const transferRow = z.object({
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

/** In the order of the columns of UPSERT (transfer-store.ts). */
export function printRow({
  transfer,
  to,
  onDuplicate,
  askedAt,
  carry,
}: StoredTransfer): (string | number | null)[] {
  const { id, position, state, path, remotePath, size, source, addedAt, startedOver } = transfer
  const finishedAt = isFinal(state) ? state.finishedAt : null
  const { rootID, replaces } = to
  const place: z.input<typeof storedPlace> = {
    path,
    rootID,
    names: [...to.folders, to.name],
    ...(replaces === undefined ? {} : { replaces }),
    ...(source === 'sync' ? { shown: remotePath } : {}),
  }
  return [
    id,
    position,
    finishedAt,
    remotePath,
    size,
    source,
    addedAt,
    askedAt,
    JSON.stringify(place),
    onDuplicate,
    startedOver ?? null,
    JSON.stringify(state),
    printCarry(state.status === 'done' ? carryOfDone(carry) : carry),
  ]
}

/** Throws when the row does not parse. `slicesOf`: the numbers that the platform has acknowledged of an upload. */
export function readRow(
  raw: unknown,
  slicesOf: (transferId: string, upload: string) => Set<number>,
): StoredTransfer {
  const row = transferRow.parse(raw)
  const { path, rootID, names, replaces, shown } = storedPlace.parse(JSON.parse(row.place))
  const { before, upload: open, ...rest } = storedCarry.parse(JSON.parse(row.carry))
  const carry: Carry = { ...rest }
  if (before) carry.before = new Set(before)
  if (open) carry.upload = { ...open, duplicate: open.duplicate, done: slicesOf(row.id, open.preuploadID) }
  return {
    transfer: {
      id: row.id as TransferId, // A brand has no constructor.
      path,
      size: row.size,
      remotePath: shown ?? joinRemote(names),
      source: row.source,
      addedAt: row.added_at,
      position: row.position,
      keptBytes: 0,
      ...(row.started_over === null ? {} : { startedOver: row.started_over }),
      state: storedState.parse(JSON.parse(row.state)),
    },
    to: {
      rootID,
      folders: names.slice(0, -1),
      name: names.at(-1) ?? '',
      ...(replaces === undefined ? {} : { replaces }),
    },
    onDuplicate: row.on_duplicate,
    askedAt: row.asked_at,
    carry,
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import { DriveError, toFailure } from '#app/errors'
import { planSlices, sliceCount, type Slice } from '#app/slices'
import { authorized, targetOf, type TransferContext } from './context.ts'
import { findArrived } from './find-arrived.ts'
import { DUPLICATE, type Arrival, type OpenUpload, type Sending } from './job.ts'

/** Create, slices, complete (spec, 一、分片上传), going on where an earlier attempt stopped. */
export async function sendInSlices(sending: Sending, context: TransferContext): Promise<Arrival> {
  const { job } = sending
  const opened = stillMeant(sending) ?? (await create(sending, context))
  if ('fileID' in opened) return opened
  job.carry.upload = opened
  job.keep()
  sending.opened()
  context.lastSliceSize.bytes = opened.sliceSize
  const wasComplete = opened.done.size === sliceCount(sending.identity.size, opened.sliceSize)
  await sendMissing(sending, opened, context)
  job.emit({ type: 'sent-all' })
  // An earlier attempt, in a process that may be gone, has asked already: the second between two questions is kept.
  if (wasComplete) await sleep(context.tuning.pollMs, undefined, { signal: job.signal })
  return { fileID: await complete(sending, opened, context), method: 'sliced' }
}

/** The upload an earlier attempt opened, unless it would do another thing about a taken name than is wanted now. */
function stillMeant({ job, duplicate }: Sending): OpenUpload | undefined {
  const { upload } = job.carry
  if (upload?.duplicate === duplicate) return upload
  // The name is free at the moment: what it was opened with is still what the person wants.
  return duplicate === undefined && upload?.duplicate === DUPLICATE[job.onDuplicate] ? upload : undefined
}

/** Step 4: the platform has the content already (秒传), or names the upload. */
async function create(sending: Sending, context: TransferContext): Promise<Arrival | OpenUpload> {
  const { job, identity, hashes, place, duplicate } = sending
  const { signal } = job
  const { parentFileID, filename, containDir } = place
  const request = { parentFileID, filename, etag: hashes.md5, size: identity.size, duplicate, containDir }
  const created = await authorized(context.tokens, (token) => context.cloud.create(token, request, signal))
  if (created.fileID !== undefined) return { fileID: created.fileID, method: 'instant' }
  if (created.reuse) {
    const fileID = await findArrived(sending, context)
    if (fileID !== undefined) return { fileID, method: 'instant' }
  }
  if (!created.upload) throw new DriveError('busy', 'create: an instant upload without a file')
  const { preuploadID, sliceSize, servers } = created.upload
  return {
    preuploadID,
    sliceSize,
    servers: servers.length > 0 ? servers : await context.domains(signal),
    duplicate,
    done: new Set(),
  }
}

/**
 * Step 5. When a slice fails no further ones are begun, those on the wire are let finish (they count for the next attempt), and the
 * first failure is the transfer's: there is one place that decides about retries, and it is not here.
 */
async function sendMissing(sending: Sending, upload: OpenUpload, context: TransferContext): Promise<void> {
  const { job, identity } = sending
  const missing = planSlices(identity.size, upload.sliceSize).filter(({ no }) => !upload.done.has(no))
  const onTheWire = new Map<number, number>()
  const report = (): void => {
    const wire = [...onTheWire.values()].reduce((sum, bytes) => sum + bytes, 0)
    const sent = bytesOf(upload, identity.size) + wire
    const slices = sliceCount(identity.size, upload.sliceSize)
    job.emit({ type: 'sending', progress: { sent, slicesDone: upload.done.size, slices } })
  }
  let failure: unknown
  const next = missing.values()
  const worker = async (): Promise<void> => {
    for (const slice of next) {
      if (failure !== undefined) return
      try {
        await context.slots.run(job.signal, slice.end - slice.start, async () => {
          // Another one may have failed while this one waited for its turn.
          if (failure === undefined) await sendOne(sending, upload, slice, context, onTheWire, report)
        })
      } catch (thrown) {
        failure ??= thrown
      }
    }
  }
  report()
  await Promise.all(Array.from({ length: Math.min(context.tuning.concurrency, missing.length) }, worker))
  if (failure !== undefined) throw unexplained(failure)
}

async function sendOne(
  { job, identity, hashes }: Sending,
  upload: OpenUpload,
  slice: Slice,
  context: TransferContext,
  onTheWire: Map<number, number>,
  report: () => void,
): Promise<void> {
  const { signal, path, carry } = job
  const bytes = slice.end - slice.start
  const md5 = hashes.sliceSize === upload.sliceSize ? hashes.sliceMd5s[slice.no - 1] : undefined
  const host = context.servers.pick(upload.servers, slice.no + carry.failures)
  try {
    await authorized(context.tokens, (token) =>
      context.limiter.run('slice', signal, async () => {
        onTheWire.set(slice.no, 0)
        const target = await targetOf(context, host, token)
        const onProgress = (progress: { readonly bytes: number }): void => {
          onTheWire.set(slice.no, progress.bytes)
          report()
        }
        const input = { path, identity, slice, md5, preuploadID: upload.preuploadID, target }
        try {
          await context.uplink.use(bytes, () =>
            context.servers.use(host, () => context.pool.run('slice', input, { signal, onProgress })),
          )
          onTheWire.set(slice.no, bytes)
        } finally {
          carry.sentBytes += onTheWire.get(slice.no) ?? 0
        }
      }),
    )
    upload.done.add(slice.no)
    job.acknowledged(slice.no)
  } finally {
    onTheWire.delete(slice.no)
    report()
  }
}

function bytesOf(upload: OpenUpload, size: number): number {
  const last = sliceCount(size, upload.sliceSize)
  const rest = size - (last - 1) * upload.sliceSize
  return upload.done.size * upload.sliceSize - (upload.done.has(last) ? upload.sliceSize - rest : 0)
}

/** Step 6: ask at least a second apart until it is there; a large file takes the platform minutes to check. */
async function complete(
  { job, identity }: Sending,
  upload: OpenUpload,
  context: TransferContext,
): Promise<number> {
  const deadline = context.now() + 2 * 60_000 + (identity.size / 1024 ** 3) * 60_000
  for (;;) {
    const answer = await authorized(context.tokens, (token) =>
      context.cloud.complete(token, upload.preuploadID, job.signal),
    ).catch((thrown: unknown) => {
      throw unexplained(thrown)
    })
    if (answer.kind === 'completed') return answer.fileID
    if (context.now() > deadline)
      throw new DriveError('verify-timeout', 'upload_complete: still not completed')
    await sleep(context.tuning.pollMs, undefined, { signal: job.signal })
  }
}

/** No code is known for a forgotten preuploadID: an error nobody can explain is taken for that, once (platform-facts 3.4). */
function unexplained(thrown: unknown): unknown {
  const failure = toFailure(thrown)
  if (failure.code !== 'refused' && failure.code !== 'not-found') return thrown
  return DriveError.from({ ...failure, code: 'upload-expired' })
}

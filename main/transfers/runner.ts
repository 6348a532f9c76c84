import { setTimeout as sleep } from 'node:timers/promises'
import { DriveError, toFailure, type ErrorCode, type Failure } from '#app/errors'
import { checkNames } from '#app/naming'
import { startsOver } from '#app/retry'
import { MAX_FILE_BYTES, MAX_SINGLE_BYTES, MAX_SLICES } from '#app/slices'
import { identify, sameIdentity, type FileIdentity } from '../workers/file-identity.ts'
import type { FileHashes } from '../workers/jobs.ts'
import type { TransferContext } from './context.ts'
import { ambiguous, arrivedSince, sameContent } from './find-arrived.ts'
import { DUPLICATE, forgetFile, hasSent, type Arrival, type Job, type Sending } from './job.ts'
import { fileKey } from './remote-index.ts'
import { withRoom } from './room.ts'
import { sendInSlices } from './sliced.ts'
import { sendInOneStep } from './single.ts'

/** Uploads one file, once (design 3): ends with `finished`, `skipped` or `failed` having been emitted, never by throwing. */
export async function runTransfer(job: Job, context: TransferContext): Promise<void> {
  const { carry, emit } = job
  try {
    const identity = await look(job)
    await checkOwner(job, context)
    const arrival = await upload(job, identity, context)
    if (arrival) {
      emit({ type: 'finished', result: { ...arrival, sentBytes: carry.sentBytes }, now: context.now() })
    }
  } catch (thrown) {
    const failure = job.signal.aborted
      ? ({ code: 'cancelled', message: 'Cancelled' } as const)
      : toFailure(thrown)
    learnFrom(failure, job, context)
    emit({ type: 'failed', failure, now: context.now(), random: Math.random() })
  }
}

async function upload(
  job: Job,
  identity: FileIdentity,
  context: TransferContext,
): Promise<(Arrival & { readonly md5: string }) | undefined> {
  const hashes = await hash(job, identity, context)
  job.emit({ type: 'hashed' })
  const arrival = await place(job, identity, hashes, context)
  return arrival && { ...arrival, md5: hashes.md5 }
}

/** Step 1: everything that can be known without reading a byte. */
async function look({ path, to, carry, startedOver }: Job): Promise<FileIdentity> {
  const problem = checkNames([...to.folders, to.name])
  if (problem)
    throw new DriveError(problem.code, `The cloud does not take this name: ${problem.name}`, {
      detail: problem.detail,
    })
  const identity = await identify(path)
  if (identity.size > MAX_FILE_BYTES)
    throw new DriveError('file-too-large', `Larger than 10 GiB: ${path}`, { detail: String(identity.size) })
  if (carry.identity && !sameIdentity(carry.identity, identity)) {
    if (hasSent(carry)) startedOver('file-changed')
    forgetFile(carry)
  }
  carry.identity = identity
  return identity
}

/** A file that one person queued does not go to another's drive. */
async function checkOwner({ carry }: Job, context: TransferContext): Promise<void> {
  const owner = await context.account.owner()
  if (carry.owner !== undefined && carry.owner !== owner)
    throw new DriveError('other-account', 'Queued for another account')
  carry.owner = owner
}

/** Step 2: one pass over the file, unless an earlier attempt has made it. */
async function hash(
  { path, carry, signal, emit }: Job,
  identity: FileIdentity,
  context: TransferContext,
): Promise<FileHashes> {
  carry.hashes ??= await context.pool.run(
    'hash',
    // A size that was named for a small file may be none for a big one.
    {
      path,
      identity,
      sliceSize: Math.max(context.lastSliceSize.bytes, Math.ceil(identity.size / MAX_SLICES)),
    },
    {
      signal,
      onProgress: ({ bytes }) => {
        emit({ type: 'hash-progressed', hashed: bytes })
      },
    },
  )
  return carry.hashes
}

/** Ends of a call that do not end what the platform does about it. */
const UNANSWERED: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'cancelled',
  'connection-lost',
  'interrupted',
  'server',
  'slow-uplink',
  'timeout',
])

/** Steps 3 to 6, holding the places it is about to make so that nobody else makes them too. Undefined when it was skipped. */
async function place(
  job: Job,
  identity: FileIdentity,
  hashes: FileHashes,
  context: TransferContext,
): Promise<Arrival | undefined> {
  const { to, signal } = job
  let notBefore = await whenSettled(job, context)
  for (;;) {
    const found = await context.index.locate(to, notBefore)
    const waitMs = context.foldersFrom.at - context.now()
    if (found.missing.length > 0 && waitMs > 0) {
      // Made by us too, it would be there twice.
      await sleep(Math.min(waitMs, context.tuning.pollMs), undefined, { signal })
      notBefore = context.now()
      continue
    }
    const leave = context.gate.tryEnter([fileKey(to), ...found.missing])
    if (!leave) {
      await context.gate.changed(signal)
      continue
    }
    let making = found.missing
    let stillMaking = false
    // Small files of a new folder do not wait until a big one is through.
    const opened = (): void => {
      if (making.length === 0) return
      context.index.relist()
      leave(making)
      making = []
    }
    try {
      return await settle({ job, identity, hashes, place: found, duplicate: undefined, opened }, context)
    } catch (thrown) {
      stillMaking = making.length > 0 && (signal.aborted || UNANSWERED.has(toFailure(thrown).code))
      throw thrown
    } finally {
      // Whoever comes next would not find the folder yet, and make another.
      if (stillMaking) setTimeout(leave, context.tuning.pollMs, making).unref()
      else leave(making)
      leave([fileKey(to)])
    }
  }
}

/** What the platform was told without our hearing of it may take it a moment still; returns from when on a listing counts. */
async function whenSettled(
  { askedAt, carry, signal }: Job,
  { now, tuning }: TransferContext,
): Promise<number> {
  const { before, unsureSince = 0 } = carry
  const settled = before ? unsureSince + tuning.pollMs : unsureSince
  // A clock that was set back makes nobody wait for longer.
  const waitMs = Math.min(settled - now(), tuning.pollMs)
  if (waitMs > 0) await sleep(waitMs, undefined, { signal })
  return Math.max(askedAt, Math.min(settled, now()))
}

/** Sends what is not there yet. A name that turns out to be taken is looked at once more: it may be our own, from an answer that got lost. */
async function settle(sending: Sending, context: TransferContext): Promise<Arrival | undefined> {
  const { job, place } = sending
  const there = alreadyThere(sending, context)
  if (there) return there
  job.carry.before ??= new Set(sameContent(sending).map(({ fileID }) => fileID))
  // From here on the file may be there without our having heard of it: whoever goes on after a crash must know.
  job.keep()
  const taken = place.siblings.some(({ name }) => name === job.to.name)
  if (taken && !mayReplace(sending, context)) {
    skip(job, context)
    return undefined
  }
  const duplicate = taken ? DUPLICATE[job.onDuplicate] : undefined
  try {
    return await transmit({ ...sending, duplicate }, context)
  } catch (thrown) {
    if (!(thrown instanceof DriveError) || thrown.code !== 'name-taken') throw thrown
    const again = { ...sending, place: await context.index.locate(job.to, context.now()) }
    const own = alreadyThere(again, context)
    if (own) return own
    if (!mayReplace(again, context)) {
      skip(job, context)
      return undefined
    }
    return transmit({ ...again, duplicate: DUPLICATE[job.onDuplicate] }, context)
  }
}

async function transmit(sending: Sending, context: TransferContext): Promise<Arrival> {
  const { job, identity, hashes } = sending
  const send = goesInOneStep(sending, context) ? sendInOneStep : sendInSlices
  const arrival = await withRoom(sending, context, () => send(sending, context))
  context.index.note(job.to, {
    fileID: arrival.fileID,
    name: job.to.name,
    kind: 'file',
    size: identity.size,
    md5: hashes.md5,
  })
  return arrival
}

/** What was begun in slices is ended in slices, whatever this run's bound is. */
function goesInOneStep({ job, identity }: Sending, { tuning }: TransferContext): boolean {
  return !job.carry.upload && identity.size <= Math.min(tuning.singleStepMaxBytes, MAX_SINGLE_BYTES)
}

/** The same content under the name counts as done, in every mode (design 6); so does what an earlier attempt of ours left there. */
function alreadyThere(sending: Sending, context: TransferContext): Arrival | undefined {
  const { to, carry } = sending.job
  const named = sameContent(sending).find(({ name }) => name === to.name)
  const [only, second] = carry.unsureSince === undefined ? [] : arrivedSince(sending, context)
  if (second) throw ambiguous(sending)
  if (only) return { fileID: only.fileID, method: methodSoFar(sending, context) }
  return named && { fileID: named.fileID, method: 'present' }
}

/** How what an earlier attempt sent must have got there: nobody may have counted its bytes to the end. */
function methodSoFar(sending: Sending, context: TransferContext): Arrival['method'] {
  if (sending.job.carry.upload) return 'sliced'
  return goesInOneStep(sending, context) ? 'single' : 'instant'
}

/** Overwriting is for what was there when the person asked, not for what another file of theirs has just put there. */
function mayReplace({ job, place }: Sending, context: TransferContext): boolean {
  const named = place.siblings.filter(({ name }) => name === job.to.name)
  const { replaces } = job.to
  if (replaces !== undefined && named.some(({ fileID }) => fileID !== replaces)) return false
  const folderInTheWay = place.siblings.some(({ name, kind }) => name === job.to.name && kind === 'folder')
  return (
    job.onDuplicate === 'keep-both' ||
    (job.onDuplicate === 'overwrite' && !folderInTheWay && !context.index.wasPut(job.to, job.askedAt))
  )
}

function skip({ to, onDuplicate, emit }: Job, context: TransferContext): void {
  const failure = { code: 'name-taken', message: 'Another file has this name', detail: to.name } as const
  if (onDuplicate !== 'skip') throw DriveError.from(failure)
  emit({ type: 'skipped', failure, now: context.now() })
}

/** What a failure means for the next attempt. */
function learnFrom(failure: Failure, { carry, startedOver }: Job, context: TransferContext): void {
  const { code } = failure
  carry.unsureSince = context.now()
  carry.failures++
  if (code !== 'cancelled')
    carry.lastFailure = { failure, at: context.now(), times: (carry.lastFailure?.times ?? 0) + 1 }
  if (startsOver(code) && hasSent(carry)) startedOver(code)
  if (code === 'parent-missing') context.index.forget()
  if (code === 'file-changed' || code === 'integrity') forgetFile(carry)
  else if (startsOver(code)) delete carry.upload
}

import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { postSingle, postSlice } from '../cloud/upload.ts'
import { assertUnchanged, changed, openIdentified } from './file-identity.ts'
import type { SingleInput, SliceInput, TransferJobs } from './jobs.ts'
import { readRange } from './read-range.ts'

interface Context {
  readonly signal: AbortSignal
  readonly report: (progress: { bytes: number }) => void
}

/** Sends one slice. Nothing that differs from the hash pass is ever completed: the request is broken off before its last bytes. */
export async function sendSlice(
  input: SliceInput,
  context: Context,
): Promise<TransferJobs['slice']['output']> {
  const { path, identity, slice, preuploadID, target } = input
  const handle = await openIdentified(path, identity)
  try {
    const md5 = input.md5 ?? (await md5OfRange(handle, path, slice.start, slice.end))
    const carried = await postSlice(
      { preuploadID, sliceNo: slice.no, sliceMD5: md5 },
      { bytes: slice.end - slice.start, read: () => checkedRange(handle, path, slice.start, slice.end, md5) },
      { ...target, ...context },
    )
    await assertUnchanged(handle, identity, path)
    return carried
  } finally {
    await handle.close()
  }
}

/** Sends a whole small file in one request (spec, 单步上传). */
export async function sendSingle(
  input: SingleInput,
  context: Context,
): Promise<TransferJobs['single']['output']> {
  const { path, identity, fields, target } = input
  const handle = await openIdentified(path, identity)
  try {
    return await postSingle(
      fields,
      { bytes: identity.size, read: () => checkedRange(handle, path, 0, identity.size, fields.etag) },
      { ...target, ...context },
    )
  } finally {
    await handle.close()
  }
}

/** A range whose last chunk is held back until all of it has the expected MD5. */
async function* checkedRange(
  handle: FileHandle,
  path: string,
  start: number,
  end: number,
  md5: string,
): AsyncGenerator<Buffer, void> {
  const hash = createHash('md5')
  let position = start
  for await (const chunk of readRange(handle, path, start, end)) {
    hash.update(chunk)
    position += chunk.length
    if (position === end && hash.digest('hex') !== md5) throw changed(path)
    yield chunk
  }
}

async function md5OfRange(handle: FileHandle, path: string, start: number, end: number): Promise<string> {
  const hash = createHash('md5')
  for await (const chunk of readRange(handle, path, start, end)) hash.update(chunk)
  return hash.digest('hex')
}

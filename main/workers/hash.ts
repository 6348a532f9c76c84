import { createHash } from 'node:crypto'
import { DriveError } from '#app/errors'
import { assertUnchanged, openIdentified, type FileIdentity } from './file-identity.ts'
import type { FileHashes } from './jobs.ts'
import { readRange } from './read-range.ts'

/** One pass over the file: its MD5 and, for files of more than one slice, each slice's (design 3.2). */
export async function hashFile(
  input: { readonly path: string; readonly identity: FileIdentity; readonly sliceSize: number },
  context: { readonly signal: AbortSignal; readonly report: (progress: { bytes: number }) => void },
): Promise<FileHashes> {
  const { path, identity, sliceSize } = input
  const handle = await openIdentified(path, identity)
  try {
    const whole = createHash('md5')
    const sliceMd5s: string[] = []
    const oneSlice = identity.size <= sliceSize
    let bytes = 0
    for (let start = 0; start < identity.size; start += sliceSize) {
      const slice = createHash('md5')
      for await (const chunk of readRange(handle, path, start, Math.min(start + sliceSize, identity.size))) {
        if (context.signal.aborted) throw new DriveError('cancelled', 'Hashing cancelled')
        whole.update(chunk)
        if (!oneSlice) slice.update(chunk)
        bytes += chunk.length
        context.report({ bytes })
      }
      if (!oneSlice) sliceMd5s.push(slice.digest('hex'))
    }
    await assertUnchanged(handle, identity, path)
    const md5 = whole.digest('hex')
    return { md5, sliceSize, sliceMd5s: oneSlice ? [md5] : sliceMd5s }
  } finally {
    await handle.close()
  }
}

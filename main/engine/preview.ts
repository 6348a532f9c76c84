import { DriveError, type Failure } from '#app/errors'
import type { Preview, SkippedPath } from '#app/ipc'
import { checkNames } from '#app/naming'
import { MAX_FILE_BYTES } from '#app/slices'
import type { AddOptions } from '../transfers/queue-store.ts'
import { walk, type FoundFile } from '../transfers/walk.ts'

/** A person learns nothing more from a larger number, and should not have to wait for it. */
const MOST_FILES = 200_000
const EXAMPLES = 50

/** Counts what would be uploaded, and what would not and why. Reads no file. */
export async function preview(
  paths: readonly string[],
  { folders, exclude }: AddOptions,
  signal: AbortSignal,
): Promise<Preview> {
  let [files, bytes, skipped] = [0, 0, 0]
  const examples: SkippedPath[] = []
  const skip = (path: SkippedPath): void => {
    skipped += 1
    if (examples.length < EXAMPLES) examples.push(path)
  }
  for (const given of paths) {
    for await (const found of walk(given, exclude)) {
      if (signal.aborted) throw new DriveError('cancelled', 'Another look was asked for')
      if (files + skipped >= MOST_FILES) return { files, bytes, skipped, examples, complete: false }
      if (found.kind === 'skipped') {
        skip(found.skipped)
        continue
      }
      const failure = unfit(found.file, folders)
      if (failure) skip({ path: found.file.path, named: false, failure })
      else {
        files += 1
        bytes += found.file.size
      }
    }
  }
  return { files, bytes, skipped, examples, complete: true }
}

/** Why the upload would fail before its first byte. */
function unfit({ path, size, names }: FoundFile, folders: readonly string[]): Failure | undefined {
  const problem = checkNames([...folders, ...names])
  if (problem) return { code: problem.code, detail: problem.detail, message: `Not allowed: ${path}` }
  if (size > MAX_FILE_BYTES) return { code: 'file-too-large', message: `Larger than 10 GiB: ${path}` }
  return undefined
}

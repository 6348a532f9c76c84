import type { FileHandle } from 'node:fs/promises'
import { DriveError } from '#app/errors'
import { fileError } from './file-identity.ts'

/** Big enough that the calls do not show, small enough that many at once do not either. */
const CHUNK_BYTES = 512 * 1024

/**
 * The bytes of a file from `start` to `end` (exclusive), in order. The next chunk is being read while the last one is used.
 * Ends early only by failing: a file that got shorter is `file-changed`.
 */
export async function* readRange(
  handle: FileHandle,
  path: string,
  start: number,
  end: number,
): AsyncGenerator<Buffer, void> {
  const ahead = (position: number): Promise<Buffer> | undefined => {
    if (position >= end) return undefined
    const chunk = readAt(handle, path, position, end)
    // It may fail before anyone waits for it; whoever waits still sees the failure.
    chunk.catch(() => undefined)
    return chunk
  }
  let position = start
  let next = ahead(position)
  try {
    while (next) {
      const chunk = await next
      position += chunk.length
      next = ahead(position)
      yield chunk
    }
  } finally {
    // Left early: the read that is under way must not outlive the handle.
    await next?.catch(() => undefined)
  }
}

async function readAt(handle: FileHandle, path: string, position: number, end: number): Promise<Buffer> {
  const length = Math.min(CHUNK_BYTES, end - position)
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(length), 0, length, position)
    if (bytesRead === 0)
      throw new DriveError('file-changed', `The file got shorter while it was being read: ${path}`)
    return buffer.subarray(0, bytesRead)
  } catch (thrown) {
    throw fileError(thrown, path)
  }
}

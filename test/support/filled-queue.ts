import { mkdir } from 'node:fs/promises'
import type { TransferId } from '#app/transfer'
import { openStore } from '#main/store/open-store'
import { destination, done, failed, paused, transfer } from './builders.ts'

/** A data folder with so many transfers in its queue as a person may have: most of it done, some failed, some paused. Nothing of it runs. */
export async function fillQueue(data: string, count: number): Promise<void> {
  await mkdir(data, { recursive: true, mode: 0o700 })
  const { store } = openStore(data)
  const transfers = Array.from({ length: count }, (_, index) => {
    const path = `/照片/IMG_${index}.jpg`
    const finishedAt = Date.now() - count + index
    const states = [{ ...failed('refused'), finishedAt }, paused(), done({ finishedAt })]
    const id = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}` as TransferId // A brand has no constructor.
    return {
      transfer: transfer(states[Math.min(index % 10, 2)], {
        id,
        path: `/home/li${path}`,
        remotePath: path,
        position: index,
      }),
      to: destination(path),
      onDuplicate: 'fail' as const,
      askedAt: 0,
      carry: { failures: 0, sentBytes: 0 },
    }
  })
  store.save({ transfers, slices: [], unlisted: [], facts: [] })
  store.close()
}

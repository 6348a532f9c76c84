import type { TransferId } from '#app/transfer'
import { done, failed, paused, transfer } from './builders.ts'
import { writeQueue } from './queue-file.ts'

/** A data folder with so many transfers in its queue as a person may have: most of it done, some failed, some paused. Nothing of it runs. */
export async function fillQueue(data: string, count: number): Promise<void> {
  const written = Array.from({ length: count }, (_, index) => {
    const path = `/照片/IMG_${index}.jpg`
    const finishedAt = Date.now() - count + index
    const states = [{ ...failed('refused'), finishedAt }, paused(), done({ finishedAt })]
    const id = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}` as TransferId // A brand has no constructor.
    const more = { id, path: `/home/li${path}`, remotePath: path, position: index }
    return { transfer: transfer(states[Math.min(index % 10, 2)], more) }
  })
  await writeQueue(data, written)
}

import type { ElectronApplication } from 'playwright-core'
import type { Transfer, TransferId, TransferState } from '#app/transfer'
import { done, failed, paused, queued, transfer, uploading } from './builders.ts'
import { writeQueue } from './queue-file.ts'

const MB = 1024 ** 2
const SECOND = 1000
const KINDS = ['raw', 'jpg', 'mp4', 'pdf', 'zip', 'txt']

/** Puts so many files into the queue of a data folder that nobody has open, all of it paused: an app that opens it shows them, and sends none. */
export async function seedQueue(data: string, count: number): Promise<readonly Transfer[]> {
  const now = Date.now()
  const transfers = Array.from({ length: count }, (_, index) => stored(index, now))
  await writeQueue(
    data,
    transfers.map((it) => ({ transfer: it })),
    { paused: true },
  )
  return transfers
}

/** Of forty, two have failed, one is done and four are held by themselves; the rest is to come. */
function stored(index: number, now: number): Transfer {
  const remotePath = `/照片/${2000 + (index % 25)}/DSC_${String(index).padStart(5, '0')}.${KINDS[index % KINDS.length] ?? ''}`
  return transfer(stateOf(index, now - index * SECOND), {
    id: idOf(index),
    path: `/home/li${remotePath}`,
    remotePath,
    size: MB + index * 997,
    addedAt: now - index * SECOND,
    position: index,
  })
}

function stateOf(index: number, finishedAt: number): TransferState {
  switch (index % 40) {
    case 6:
      return { ...failed('server'), finishedAt }
    case 26:
      return { ...failed('name-taken'), finishedAt }
    case 9:
      return done({ finishedAt })
    default:
      return index % 10 === 3 ? paused() : queued()
  }
}

// A brand has no constructor.
const idOf = (index: number): TransferId =>
  `00000000-0000-4000-8000-${String(index).padStart(12, '0')}` as TransferId

/**
 * From now on tells the window what an engine would that uploads these: ten times a second some 20 rows, of which a few begin, are done or
 * come anew, and the others move on.
 */
export async function stirRows(app: ElectronApplication, upcoming: readonly Transfer[]): Promise<void> {
  await app.evaluate(
    ({ BrowserWindow }, { upcoming, sending, ended }) => {
      const page = BrowserWindow.getAllWindows()[0]?.webContents
      let running: Transfer[] = []
      let next = 0
      const moveOn = (it: Transfer): Transfer => ({
        ...it,
        state: { ...sending, sent: Math.min(it.size, next * 5000) },
      })
      const end = (it: Transfer): Transfer => ({ ...it, state: { ...ended, finishedAt: Date.now() } })
      const copy = (it: Transfer): Transfer => ({
        ...it,
        id: `${it.id}-${next}` as TransferId, // A brand has no constructor.
        position: it.position + 1e6,
      })
      // The window may be gone while the app still ends.
      setInterval(() => {
        if (!page || page.isDestroyed()) return
        const over = running.splice(0, Math.max(0, running.length - 10))
        const begun = upcoming.slice(next, (next += 4))
        running = [...running, ...begun].map(moveOn)
        const changed = [...running, ...over.map(end), ...begun.slice(2).map(copy)]
        page.send('transfers.changed', { changed, removed: [] })
        page.send('queue.changed', { speed: 5e6 + 1e5 * (next % 7), running: running.length, steady: true })
      }, 100)
    },
    { upcoming, sending: uploading(), ended: done() },
  )
}

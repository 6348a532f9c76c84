import { randomNumbers } from '#test/random'

/** What one round of the crash test does, all of it from its seed. */
export interface Round {
  readonly files: readonly PlannedFile[]
  /** When each run is killed; the last run, a resume without faults, is not. */
  readonly kills: readonly Kill[]
  /** Share of requests that meet a fault until the last run. */
  readonly faultRate: number
  readonly concurrency: number
}

export interface PlannedFile {
  readonly path: string
  readonly size: number
}

export interface Kill {
  /** Requests of this run that the platform has seen; 0 is before any. */
  readonly afterRequests: number
  readonly thenMs: number
  /** What is started after it. A run that may not have taken its paths yet is always started again. */
  readonly next: 'upload' | 'resume'
}

export const MIB = 1024 ** 2
const FOLDERS = ['', '照片', '照片/秋天', 'docs', 'docs/a b'] as const
const MAX_KILLS = 5

export function planRound(seed: number): Round {
  const random = randomNumbers(seed)
  const upTo = (end: number): number => Math.floor(random() * end)
  const files = Array.from({ length: 3 + upTo(8) }, (_, index) => {
    const folder = FOLDERS[upTo(FOLDERS.length)] ?? ''
    return { path: `${folder === '' ? '' : `${folder}/`}${index}-文件.bin`, size: sizeOf(random) }
  })
  const kills = Array.from({ length: upTo(MAX_KILLS + 1) }, () => ({
    afterRequests: upTo(25),
    thenMs: upTo(40),
    next: random() < 0.5 ? ('upload' as const) : ('resume' as const),
  }))
  return { files, kills, faultRate: random() < 0.2 ? 0 : random() * 0.08, concurrency: 1 + upTo(3) }
}

/** From nothing to 40 MiB, mostly small, and often at the edges of a slice. */
function sizeOf(random: () => number): number {
  const kind = random()
  if (kind < 0.1) return 0
  if (kind < 0.5) return Math.floor(random() * 512 * 1024)
  if (kind < 0.65) return Math.max(1, Math.floor(random() * 8)) * MIB + Math.floor(random() * 3) - 1
  if (kind < 0.95) return Math.floor(random() * 8 * MIB)
  return Math.floor(random() * 40 * MIB)
}

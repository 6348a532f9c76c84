import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { Scanner } from '#main/sync/scanner'
import { BUILT_SCANNER } from '../support/build-worker.ts'
import type { Measured } from './measured.ts'

const PER_FOLDER = 1000
const MB = 1024 ** 2

/** Memory while a tree of so many empty files is scanned, its thread counted, and nothing of it kept. */
export async function benchScan(entries: number): Promise<readonly Measured[]> {
  const root = await mkdtemp(join(tmpdir(), 'pan123-scan-'))
  const scanner = new Scanner(() => new Worker(BUILT_SCANNER))
  try {
    for (let no = 0; no < entries; no++) {
      const folder = join(root, String(Math.floor(no / PER_FOLDER)))
      if (no % PER_FOLDER === 0) mkdirSync(folder)
      writeFileSync(join(folder, `${no}.txt`), '')
    }
    const scan = (folders: 'all' | readonly string[]): Promise<{ readonly entries: number }> =>
      scanner.scan(
        { root, folders, known: [], rules: [], quietShare: 0 },
        () => undefined,
        new AbortController().signal,
      )
    // The thread is there, and has run its code once.
    await scan(['0'])
    const before = process.memoryUsage.rss()
    let most = before
    const sampling = setInterval(() => {
      most = Math.max(most, process.memoryUsage.rss())
    }, 20)
    const { entries: seen } = await scan('all')
    clearInterval(sampling)
    if (seen < entries) throw new Error(`Only ${seen} of ${entries} were seen`)
    return [{ what: `memory to scan ${entries} entries`, value: (most - before) / MB, bar: 100, unit: ' MB' }]
  } finally {
    await scanner.stop()
    // Node's own would hold a promise for each of them.
    execFileSync('rm', ['-rf', root])
  }
}

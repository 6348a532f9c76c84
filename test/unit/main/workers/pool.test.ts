import { EventEmitter } from 'node:events'
import type { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { Pool } from '#main/workers/pool'

type Jobs = { job: { readonly input: null; readonly progress: never; readonly output: null } }

/** A thread that never answers. */
class Mute extends EventEmitter {
  postMessage(): void {
    return
  }
  terminate(): Promise<number> {
    this.emit('exit', 1)
    return Promise.resolve(1)
  }
}

function poolOf(deaths: string[]): { readonly pool: Pool<Jobs>; readonly threads: readonly Mute[] } {
  const threads: Mute[] = []
  const start = (): Worker => {
    const thread = new Mute()
    threads.push(thread)
    return thread as unknown as Worker // All of a worker that a pool uses.
  }
  return { pool: new Pool<Jobs>(start, 2, (reason) => deaths.push(reason)), threads }
}

const forever = { signal: new AbortController().signal }

test('a death is said once, by its reason, and its job is interrupted; one after it is not hindered', async () => {
  const deaths: string[] = []
  const { pool, threads } = poolOf(deaths)
  const job = pool.run('job', null, forever)
  threads[0]?.emit('error', new Error('out of memory'))
  threads[0]?.emit('exit', 1)
  await expect(job).rejects.toMatchObject({ failure: { code: 'interrupted' } })
  expect(deaths).toEqual(['Transfer thread failed: out of memory'])
  pool.run('job', null, forever).catch(() => undefined)
  expect(threads).toHaveLength(2)
  await pool.stop()
})

test('that threads end with the pool is no death', async () => {
  const deaths: string[] = []
  const { pool } = poolOf(deaths)
  pool.run('job', null, forever).catch(() => undefined)
  await pool.stop()
  expect(deaths).toEqual([])
})

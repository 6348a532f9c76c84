import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ErrorCode } from '#app/errors'
import {
  isFinal,
  isRetriable,
  isRunning,
  type DuplicatePolicy,
  type Transfer,
  type TransferId,
} from '#app/transfer'
import type { Lane } from '#main/transfers/lanes'
import { failure } from '#test/builders'
import { settled } from '#test/deferred'
import { MemoryStore } from '#test/memory-store'
import { ScriptedQueue, type Run } from '#test/scripted-queue'

/** Whatever happens to a queue, in whatever order, some things always hold; fast-check prints the seed of a run that fails. */

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Some of the files on the list, by where they stand on it. */
type Some = readonly number[]

type Step =
  | { readonly do: 'add'; readonly file: number }
  | { readonly do: 'pause'; readonly which: Some | 'all'; readonly forMs: number | undefined }
  | { readonly do: 'resume'; readonly which: Some | 'all' }
  | { readonly do: 'cancel' | 'clear'; readonly which: Some }
  | { readonly do: 'retry'; readonly which: Some; readonly onDuplicate: DuplicatePolicy | undefined }
  | { readonly do: 'reorder'; readonly which: Some; readonly to: 'first' | 'last' }
  | { readonly do: 'progress'; readonly run: number }
  | { readonly do: 'slice'; readonly run: number }
  | { readonly do: 'finish' | 'skip' | 'end'; readonly run: number }
  | { readonly do: 'fail'; readonly run: number; readonly code: ErrorCode }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'unblock' | 'start-afresh' }
  | { readonly do: 'disk'; readonly works: boolean }
  | { readonly do: 'restart'; readonly end: 'stopped' | 'killed'; readonly how: 'go-on' | 'hold' }

const some = fc.array(fc.nat({ max: 11 }), { minLength: 1, maxLength: 4 })
const someOrAll = fc.oneof(
  { weight: 3, arbitrary: some },
  { weight: 1, arbitrary: fc.constant('all' as const) },
)
const run = fc.nat({ max: 3 })
const code = fc.constantFrom<ErrorCode>(
  'server',
  'server',
  'offline',
  'rate-limited',
  'unauthorized',
  'quota-exceeded',
  'file-changed',
  'name-taken',
  'ambiguous',
  'other-account',
  'data-folder-unusable',
  'internal',
)
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('add' as const), file: fc.nat({ max: 11 }) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('progress' as const, 'slice' as const), run }) },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constantFrom('finish' as const, 'end' as const, 'end' as const), run }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('skip' as const), run }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('fail' as const), run, code }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(0, 50, 150, 3000, 20_000, 150_000),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('pause' as const),
      which: someOrAll,
      forMs: fc.constantFrom(undefined, 1000, 30_000),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('resume' as const), which: someOrAll }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('cancel' as const, 'clear' as const), which: some }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('retry' as const),
      which: some,
      onDuplicate: fc.constantFrom<DuplicatePolicy | undefined>(undefined, 'overwrite'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('reorder' as const),
      which: some,
      to: fc.constantFrom('first' as const, 'last' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('unblock' as const, 'start-afresh' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('disk' as const), works: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('restart' as const),
      end: fc.constantFrom('stopped' as const, 'killed' as const),
      how: fc.constantFrom('go-on' as const, 'go-on' as const, 'hold' as const),
    }),
  },
)

const LIMITS = { small: 2, big: 1 }
const laneOf = ({ size }: Transfer): Lane => (size <= 1000 ? 'small' : 'big')

/** A queue, and all that must be true of it. */
class Watched {
  world: ScriptedQueue
  /** Runs that have not ended, and whose they are. */
  #live = new Map<Run, TransferId>()
  #acknowledged = new Map<TransferId, { readonly upload: string; readonly numbers: Set<number> }>()
  #uploads = 0

  constructor() {
    this.world = this.#start(new MemoryStore())
  }

  async take(step: Step): Promise<void> {
    const { queue } = this.world
    const before = new Map(queue.list().map((transfer) => [transfer.id, transfer]))
    switch (step.do) {
      case 'add': {
        const id = this.world.add(`${step.file}.bin`, { size: step.file % 3 === 0 ? 4000 : 30 })
        expect(
          queue.list().filter((it) => it.path === queue.get(id)?.path && !isFinal(it.state)),
        ).toHaveLength(isFinal(queue.get(id)?.state ?? { status: 'cancelled', finishedAt: 0 }) ? 0 : 1)
        return
      }
      case 'pause': {
        const until = step.forMs === undefined ? undefined : Date.now() + step.forMs
        if (step.which === 'all') {
          queue.pause('all', until)
          expect(queue.status().paused).toEqual(until === undefined ? {} : { until })
          expect(queue.list().filter(({ state }) => isRunning(state))).toEqual([])
        } else {
          const ids = this.#ids(step.which)
          queue.pause(ids, until)
          for (const id of ids) this.#becomes(before.get(id), 'paused')
        }
        this.#isOnDisk()
        return
      }
      case 'resume': {
        const ids = step.which === 'all' ? queue.list().map(({ id }) => id) : this.#ids(step.which)
        queue.resume(step.which === 'all' ? 'all' : ids)
        for (const id of ids) {
          expect(this.world.statusOf(id)).not.toBe('paused')
          expect(queue.isHeld(id)).toBe(false)
        }
        if (step.which === 'all') expect(queue.status().paused).toBeUndefined()
        this.#isOnDisk()
        return
      }
      case 'cancel': {
        const ids = this.#ids(step.which)
        queue.cancel(ids)
        for (const id of ids) this.#becomes(before.get(id), 'cancelled')
        this.#isOnDisk()
        return
      }
      case 'retry': {
        const ids = this.#ids(step.which)
        queue.retry(ids, step.onDuplicate)
        for (const id of ids) {
          const was = before.get(id)
          const { state } = queue.get(id) ?? {}
          const another = queue
            .list()
            .some((it) => it.id !== id && it.path === was?.path && !isFinal(it.state))
          if (was && isRetriable(was.state) && !another)
            expect(state && (state.status === 'queued' || isRunning(state))).toBe(true)
        }
        this.#isOnDisk()
        return
      }
      case 'reorder':
        queue.reorder(this.#ids(step.which), step.to)
        this.#isOnDisk()
        return
      case 'clear': {
        const ids = this.#ids(step.which)
        queue.clear(ids)
        for (const id of ids) {
          const was = before.get(id)
          expect(queue.get(id) === undefined).toBe(was !== undefined && isFinal(was.state))
        }
        this.#isOnDisk()
        return
      }
      case 'progress':
        this.#run(step.run)?.emit(
          { type: 'hashed' },
          { type: 'sending', progress: { sent: 1, slicesDone: 0, slices: 3 } },
        )
        return
      case 'slice':
        this.#sendSlice(this.#run(step.run))
        return
      case 'finish':
        await this.#end(this.#run(step.run), (ending) => ending.finish())
        return
      case 'skip':
        await this.#end(this.#run(step.run), async (ending) => {
          ending.emit({ type: 'skipped', failure: failure('name-taken'), now: Date.now() })
          await ending.end()
        })
        return
      case 'fail':
        await this.#end(this.#run(step.run), (ending) => ending.fail(failure(step.code)))
        return
      case 'end':
        // What a run does that was told to end, or whose thread died.
        await this.#end(this.#run(step.run), (ending) =>
          ending.fail(failure(ending.job.signal.aborted ? 'cancelled' : 'interrupted')),
        )
        return
      case 'wait':
        await vi.advanceTimersByTimeAsync(step.ms)
        return
      case 'unblock':
        queue.unblock()
        return
      case 'start-afresh':
        queue.startAfresh()
        return
      case 'disk':
        this.world.store.failing = !step.works
        return
      case 'restart':
        this.#restart(step.end, step.how)
    }
  }

  /** What is true of it at any time. */
  check(): void {
    const { queue } = this.world
    const list = queue.list()
    const status = queue.status()
    expect(new Set(list.map(({ position }) => position)).size).toBe(list.length)
    const owners = [...this.#live.values()]
    expect(new Set(owners).size).toBe(owners.length)
    expect(status.running).toBe(owners.length)
    for (const { id, state } of list) {
      const [alive] = [...this.#live].find(([, owner]) => owner === id) ?? []
      if (isRunning(state)) expect(alive?.job.signal.aborted).toBe(false)
      if (alive && !alive.job.signal.aborted) expect(isRunning(state)).toBe(true)
      if (status.paused) expect(isRunning(state)).toBe(false)
    }
    for (const lane of ['small', 'big'] as const) {
      const taken = [...this.#live.keys()].filter(
        ({ job }) => (Number.parseInt(job.to.name) % 3 === 0 ? 'big' : 'small') === lane,
      )
      expect(taken.length).toBeLessThanOrEqual(LIMITS[lane])
      // Nobody waits without a reason.
      if (!status.paused && !status.blocked && taken.length < LIMITS[lane])
        expect(this.#ready(lane).map(({ path }) => path)).toEqual([])
    }
  }

  async close(): Promise<void> {
    this.world.queue.stop()
    for (const ending of [...this.#live.keys()]) await ending.fail(failure('cancelled'))
    expect(vi.getTimerCount()).toBe(0)
  }

  #start(store: MemoryStore): ScriptedQueue {
    const world: ScriptedQueue = new ScriptedQueue({
      store,
      lanes: LIMITS,
      onBegin: (begun) => {
        this.#hasBegun(begun)
      },
      onChange: ({ changed }) => {
        // What is told is on disk.
        if (world.queue.status().blocked?.reason !== 'storage' && !store.failing) this.#isOnDisk()
        for (const transfer of changed) expect(transfer).toBe(world.queue.get(transfer.id))
      },
    })
    return world
  }

  #hasBegun(begun: Run): void {
    const { queue } = this.world
    expect(queue.status()).not.toHaveProperty('paused')
    expect(queue.status()).not.toHaveProperty('blocked')
    const owners = new Set(this.#live.values())
    const [mine, other] = queue
      .list()
      .filter(
        ({ id, path, state }) => path === begun.job.path && state.status === 'hashing' && !owners.has(id),
      )
    if (!mine || other) throw new Error(`Not one new run of ${begun.job.path}`)
    expect(queue.isHeld(mine.id)).toBe(false)
    // Nobody who could run stands before it.
    expect(this.#ready(laneOf(mine)).filter(({ position }) => position < mine.position)).toEqual([])
    this.#live.set(begun, mine.id)
    this.#knowsItsSlices(mine.id, begun.job.carry.upload)
  }

  #ready(lane: Lane): readonly Transfer[] {
    const { queue } = this.world
    const owners = new Set(this.#live.values())
    return queue
      .list()
      .filter(
        (it) =>
          it.state.status === 'queued' && laneOf(it) === lane && !queue.isHeld(it.id) && !owners.has(it.id),
      )
  }

  #sendSlice(sending: Run | undefined): void {
    if (!sending || sending.job.signal.aborted) return
    const { carry } = sending.job
    const id = this.#live.get(sending)
    if (!id) return
    try {
      if (!carry.upload) {
        const preuploadID = `upload-${++this.#uploads}`
        carry.before = new Set([1])
        carry.upload = { preuploadID, sliceSize: 1, servers: [], duplicate: undefined, done: new Set() }
        sending.job.keep()
        this.#acknowledged.set(id, { upload: preuploadID, numbers: new Set() })
      }
      const no = carry.upload.done.size + 1
      carry.upload.done.add(no)
      sending.job.acknowledged(no)
      this.#acknowledged.get(id)?.numbers.add(no)
    } catch {
      // The disk is full: the runner fails with it, as the test of that says.
    }
  }

  async #end(ending: Run | undefined, how: (ending: Run) => Promise<void>): Promise<void> {
    if (!ending) return
    // It leaves within: whatever begins next may be the same file.
    this.#live.delete(ending)
    await how(ending)
    await settled()
  }

  #knowsItsSlices(id: TransferId, upload: Run['job']['carry']['upload']): void {
    const known = this.#acknowledged.get(id)
    if (!known || upload?.preuploadID !== known.upload) return
    for (const no of known.numbers) expect([...upload.done]).toContain(no)
  }

  #restart(end: 'stopped' | 'killed', how: 'go-on' | 'hold'): void {
    const { queue, store } = this.world
    const snapshot = new MemoryStore(store)
    queue.stop()
    this.#live = new Map()
    const left = end === 'killed' ? snapshot : new MemoryStore(store)
    const stored = left.load()
    this.world = this.#start(left)
    this.world.queue.load(how)
    const list = this.world.queue.list()
    expect(list.map(({ id }) => id)).toEqual(stored.map(({ transfer }) => transfer.id))
    for (const { transfer, carry } of stored) {
      const { status } = transfer.state
      const now = this.world.queue.get(transfer.id)
      if (isFinal(transfer.state) || status === 'paused') expect(now?.state).toEqual(transfer.state)
      else expect(['queued', 'hashing']).toContain(now?.state.status)
      expect(this.world.queue.isHeld(transfer.id)).toBe(how === 'hold' && !isFinal(transfer.state))
      if (status !== 'done') this.#knowsItsSlices(transfer.id, carry.upload)
    }
  }

  /** Everything, as it is now; of what goes on after a restart only that it does. */
  #isOnDisk(): void {
    const { queue, store } = this.world
    if (store.failing || queue.status().blocked?.reason === 'storage') return
    const face = ({ id, position, state }: Transfer) => [
      id,
      position,
      isFinal(state) || state.status === 'paused' ? state : 'goes on',
    ]
    const stored = store.load().map(({ transfer }) => face(transfer))
    const listed = queue.list().toSorted((a, b) => a.position - b.position)
    expect(stored).toEqual(listed.map(face))
  }

  #becomes(was: Transfer | undefined, status: 'paused' | 'cancelled'): void {
    if (!was) return
    const now = this.world.queue.get(was.id)?.state
    if (isFinal(was.state)) expect(now).toBe(was.state)
    else expect(now?.status).toBe(status)
  }

  #ids(which: Some): readonly TransferId[] {
    const list = this.world.queue.list()
    return which.flatMap((index) => list[index]?.id ?? [])
  }

  #run(index: number): Run | undefined {
    return [...this.#live.keys()][index]
  }
}

test('any sequence of what people, files, disk, network and time do keeps every promise', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 1, maxLength: 60, size: 'max' }), async (steps) => {
      vi.setSystemTime(1_000_000)
      vi.clearAllTimers() // of one that failed before
      const watched = new Watched()
      for (const step of steps) {
        await watched.take(step)
        await settled()
        watched.check()
      }
      await watched.close()
    }),
    { numRuns: Number(process.env['PAN123_MODEL_RUNS'] ?? 200) },
  )
})

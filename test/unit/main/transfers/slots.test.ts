import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Slots } from '#main/transfers/slots'
import { deferred, settled, type Deferred } from '#test/deferred'
import { failureOf } from '#test/failures'

const forever = new AbortController().signal

/** Tasks that end when the test says so. */
class Work {
  readonly slots: Slots
  readonly begun: number[] = []
  readonly #ends = new Map<number, Deferred<void>>()

  /** Nothing is small unless the test says so. */
  constructor(count: number, room = Infinity, smallBytes = 0) {
    this.slots = new Slots(count, smallBytes)
    this.slots.setRoom(room)
  }

  start(no: number, { signal = forever, bytes = 1 } = {}): Promise<number> {
    return this.slots.run(signal, bytes, async () => {
      this.begun.push(no)
      const end = deferred()
      this.#ends.set(no, end)
      await end.promise
      return no
    })
  }

  get underWay(): readonly number[] {
    return [...this.#ends.keys()]
  }

  async end(no: number, reason?: Error): Promise<void> {
    const end = this.#ends.get(no)
    this.#ends.delete(no)
    if (reason) end?.reject(reason)
    else end?.resolve()
    await settled()
  }
}

test('so many run at once, and the rest come in the order in which they asked', async () => {
  const work = new Work(2)
  for (let no = 1; no <= 5; no++) void work.start(no)
  await settled()
  expect(work.begun).toEqual([1, 2])
  await work.end(2)
  expect(work.begun).toEqual([1, 2, 3])
  await work.end(1)
  await work.end(3)
  expect(work.begun).toEqual([1, 2, 3, 4, 5])
})

test('what a task gives back or fails with is passed on, and its place is free either way', async () => {
  const work = new Work(1)
  const first = work.start(1)
  const second = work.start(2)
  await settled()
  const failed = expect(first).rejects.toThrow('broke')
  await work.end(1, new Error('broke'))
  await failed
  await work.end(2)
  await expect(second).resolves.toBe(2)
})

test('one cancelled while waiting never runs, and the one behind it does', async () => {
  const work = new Work(1)
  const controller = new AbortController()
  void work.start(1)
  const second = failureOf(work.start(2, controller))
  void work.start(3)
  controller.abort()
  expect((await second).code).toBe('cancelled')
  await work.end(1)
  expect(work.begun).toEqual([1, 3])
})

test('one cancelled before it asks never runs', async () => {
  const work = new Work(1)
  expect((await failureOf(work.start(1, { signal: AbortSignal.abort() }))).code).toBe('cancelled')
  void work.start(2)
  await settled()
  expect(work.begun).toEqual([2])
})

test('cancelling one that runs already takes no place from the others', async () => {
  const work = new Work(1)
  const controller = new AbortController()
  void work.start(1, controller)
  void work.start(2)
  await settled()
  controller.abort()
  await settled()
  expect(work.begun).toEqual([1])
  await work.end(1)
  expect(work.begun).toEqual([1, 2])
})

test('small ones have places of their own: slices that hang leave them alone, and they leave the slices theirs', async () => {
  const work = new Work(2, Infinity, 10)
  for (let no = 1; no <= 3; no++) void work.start(no, { bytes: 11 })
  for (let no = 4; no <= 6; no++) void work.start(no, { bytes: 10 })
  await settled()
  expect(work.begun).toEqual([1, 2, 4, 5])
  await work.end(4)
  expect(work.begun).toEqual([1, 2, 4, 5, 6])
  await work.end(1)
  expect(work.begun).toEqual([1, 2, 4, 5, 6, 3])
})

describe('bytes at once', () => {
  test('more room lets those in who wait; less lets those finish who are in', async () => {
    const work = new Work(6, 10)
    for (let no = 1; no <= 6; no++) void work.start(no, { bytes: 10 })
    await settled()
    expect(work.begun).toEqual([1])
    work.slots.setRoom(30)
    await settled()
    expect(work.begun).toEqual([1, 2, 3])
    work.slots.setRoom(10)
    await work.end(1)
    await work.end(2)
    expect(work.begun).toEqual([1, 2, 3])
    await work.end(3)
    expect(work.begun).toEqual([1, 2, 3, 4])
  })

  test.each([0, 1, 99])(
    'with room for %i bytes one request goes all the same: nothing hangs for good',
    async (room) => {
      const work = new Work(3, room)
      for (let no = 1; no <= 2; no++) void work.start(no, { bytes: 100 })
      await settled()
      expect(work.begun).toEqual([1])
      await work.end(1)
      expect(work.begun).toEqual([1, 2])
    },
  )

  test('a small one does not wait behind slices that wait for room, nor takes any from them', async () => {
    const work = new Work(3, 160)
    void work.start(1, { bytes: 160 })
    void work.start(2, { bytes: 160 })
    void work.start(3, { bytes: 10 })
    void work.start(4, { bytes: 11 })
    await settled()
    expect(work.begun).toEqual([1, 3])
    expect(work.slots.bytes).toBe(160)
    await work.end(1)
    expect(work.begun).toEqual([1, 3, 2])
    await work.end(2)
    expect(work.begun).toEqual([1, 3, 2, 4])
  })

  test('small ones are so many at once too, and who came first goes first', async () => {
    const work = new Work(2, 160)
    for (let no = 1; no <= 3; no++) void work.start(no, { bytes: 1 })
    void work.start(4, { bytes: 160 })
    void work.start(5, { bytes: 1 })
    await settled()
    expect(work.begun).toEqual([1, 2])
    await work.end(1)
    await work.end(2)
    expect(work.begun).toEqual([1, 2, 3, 4])
  })

  test('when the one that waits for room gives up, those behind it that have room go', async () => {
    const work = new Work(3, 100)
    const controller = new AbortController()
    void work.start(1, { bytes: 60 })
    const second = failureOf(work.start(2, { bytes: 60, signal: controller.signal }))
    void work.start(3, { bytes: 40 })
    await settled()
    expect(work.begun).toEqual([1])
    controller.abort()
    expect((await second).code).toBe('cancelled')
    await settled()
    expect(work.begun).toEqual([1, 3])
  })
})

test('whatever comes, ends, is cancelled or resized: never too many, no slice overtakes another, and no place is lost', async () => {
  const COUNT = 3
  const SMALL = 2
  const bytes = fc.constantFrom(1, 2, 32, 50, 100)
  const steps = fc.array(
    fc.oneof(
      { weight: 2, arbitrary: bytes.map((size) => ({ do: 'start', size }) as const) },
      { weight: 2, arbitrary: fc.nat().map((pick) => ({ do: 'end', pick }) as const) },
      { weight: 1, arbitrary: fc.nat().map((pick) => ({ do: 'cancel', pick }) as const) },
      {
        weight: 1,
        arbitrary: fc
          .constantFrom(0, 33, 100, 200, Infinity)
          .map((room) => ({ do: 'resize', room }) as const),
      },
    ),
    { maxLength: 60 },
  )
  const BEHIND_ONE_THAT_LEAVES = [
    { do: 'resize', room: 0 },
    { do: 'start', size: 1 },
    { do: 'start', size: 100 },
    { do: 'start', size: 32 },
    { do: 'resize', room: 100 },
  ] as const
  await fc.assert(
    fc.asyncProperty(steps, async (given) => {
      const work = new Work(COUNT, Infinity, SMALL)
      const sizes: number[] = [0]
      const waiting = new Map<number, AbortController>()
      let room = Infinity
      for (const step of given) {
        const before = work.slots.bytes
        if (step.do === 'start') {
          const controller = new AbortController()
          const no = sizes.push(step.size) - 1
          waiting.set(no, controller)
          work.start(no, { bytes: step.size, signal: controller.signal }).catch(() => undefined)
        } else if (step.do === 'end') {
          const no = work.underWay[step.pick % work.underWay.length]
          if (no !== undefined) await work.end(no)
        } else if (step.do === 'cancel') {
          const no = [...waiting.keys()][step.pick % waiting.size]
          if (no !== undefined) waiting.get(no)?.abort()
          if (no !== undefined) waiting.delete(no)
        } else work.slots.setRoom((room = step.room))
        await settled()
        for (const no of work.begun) waiting.delete(no)
        const big = work.begun.filter((no) => (sizes[no] ?? 0) > 12)
        expect(big).toEqual(big.toSorted((one, other) => one - other))
        const under = (isBig: boolean): number =>
          work.underWay.filter((no) => isBig === (sizes[no] ?? 0) > SMALL).length
        expect(Math.max(under(true), under(false))).toBeLessThanOrEqual(COUNT)
        expect(work.slots.bytes).toBeLessThanOrEqual(Math.max(before, room, 100))
        // Who waits does so for a place of its kind, or for room, or behind one who waits for room.
        const [first, ...rest] = [...waiting.keys()]
          .map((no) => sizes[no] ?? 0)
          .filter((size) => under(size > SMALL) < COUNT)
        const isLight = (size: number): boolean => room < Infinity && size <= room / 16
        if (first !== undefined) {
          expect(work.slots.bytes > 0 && work.slots.bytes + first > room).toBe(true)
          expect([first, ...rest].some(isLight)).toBe(false)
        }
      }
      for (const controller of waiting.values()) controller.abort()
      await settled()
      // One that waited behind another may have come in just as that one left.
      for (let no = work.underWay[0]; no !== undefined; no = work.underWay[0]) {
        await work.end(no)
        await settled()
      }
      expect(work.slots.bytes).toBe(0)
    }),
    { examples: [[[...BEHIND_ONE_THAT_LEAVES]]] },
  )
})

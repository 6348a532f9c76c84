import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Slots } from '#main/transfers/slots'
import { deferred, settled, type Deferred } from '#test/deferred'
import { failureOf } from '#test/failures'

const forever = new AbortController().signal

/** Tasks that end when the test says so. */
class Work {
  readonly slots: Slots
  readonly begun: number[] = []
  readonly #ends = new Map<number, Deferred<void>>()

  constructor(limit: number) {
    this.slots = new Slots(limit)
  }

  start(no: number, signal = forever): Promise<number> {
    return this.slots.run(signal, async () => {
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
  const second = failureOf(work.start(2, controller.signal))
  void work.start(3)
  controller.abort()
  expect((await second).code).toBe('cancelled')
  await work.end(1)
  expect(work.begun).toEqual([1, 3])
})

test('one cancelled before it asks never runs', async () => {
  const work = new Work(1)
  expect((await failureOf(work.start(1, AbortSignal.abort()))).code).toBe('cancelled')
  void work.start(2)
  await settled()
  expect(work.begun).toEqual([2])
})

test('cancelling one that runs already takes no place from the others', async () => {
  const work = new Work(1)
  const controller = new AbortController()
  void work.start(1, controller.signal)
  void work.start(2)
  await settled()
  controller.abort()
  await settled()
  expect(work.begun).toEqual([1])
  await work.end(1)
  expect(work.begun).toEqual([1, 2])
})

test('more places let those in who wait; fewer let those finish who are in', async () => {
  const work = new Work(1)
  for (let no = 1; no <= 6; no++) void work.start(no)
  work.slots.resize(3)
  await settled()
  expect(work.begun).toEqual([1, 2, 3])
  work.slots.resize(1)
  await work.end(1)
  await work.end(2)
  expect(work.begun).toEqual([1, 2, 3])
  await work.end(3)
  expect(work.begun).toEqual([1, 2, 3, 4])
})

test.each([0, -3])('resized to %i there is still one place: nothing hangs for good', async (limit) => {
  const work = new Work(2)
  work.slots.resize(limit)
  for (let no = 1; no <= 2; no++) void work.start(no)
  await settled()
  expect(work.begun).toEqual([1])
})

test('whatever comes, ends, is cancelled or resized: never too many, always in order, and no place is lost', async () => {
  const steps = fc.array(
    fc.oneof(
      fc.constant({ do: 'start' } as const),
      fc.nat().map((pick) => ({ do: 'end', pick }) as const),
      fc.nat().map((pick) => ({ do: 'cancel', pick }) as const),
      fc.integer({ min: 1, max: 4 }).map((limit) => ({ do: 'resize', limit }) as const),
    ),
    { maxLength: 60 },
  )
  await fc.assert(
    fc.asyncProperty(steps, async (given) => {
      const work = new Work(2)
      const waiting = new Map<number, AbortController>()
      let asked = 0
      for (const step of given) {
        const before = work.underWay.length
        if (step.do === 'start') {
          const controller = new AbortController()
          waiting.set(++asked, controller)
          work.start(asked, controller.signal).catch(() => undefined)
        } else if (step.do === 'end') {
          const no = work.underWay[step.pick % work.underWay.length]
          if (no !== undefined) await work.end(no)
        } else if (step.do === 'cancel') {
          const no = [...waiting.keys()][step.pick % waiting.size]
          if (no !== undefined) waiting.get(no)?.abort()
          if (no !== undefined) waiting.delete(no)
        } else work.slots.resize(step.limit)
        await settled()
        for (const no of work.begun) waiting.delete(no)
        expect(work.underWay.length).toBeLessThanOrEqual(Math.max(before, work.slots.limit))
        expect(work.begun).toEqual(work.begun.toSorted((one, other) => one - other))
        if (waiting.size > 0) expect(work.underWay.length).toBeGreaterThanOrEqual(work.slots.limit)
      }
    }),
  )
})

import { z } from 'zod'
import { HTML_PAGE } from './answers.ts'
import { endpointSchema } from './quirks.ts'
import type { Endpoint, Fault, FaultEffect, RandomFaults } from './types.ts'

interface Queued {
  readonly fault: Fault
  toSkip: number
  left: number
}

/** Faults waiting for the request they are meant for. */
export class FaultQueue {
  #queue: Queued[] = []
  #random: { readonly next: () => number; readonly rate: number } | undefined

  add(fault: Fault): void {
    this.#queue.push({ fault, toSkip: fault.skip ?? 0, left: fault.times ?? 1 })
  }

  /** Those that have not struck yet. */
  get waiting(): number {
    return this.#queue.length
  }

  setRandom(options: RandomFaults | undefined): void {
    this.#random = options && { next: randomNumbers(options.seed), rate: options.rate }
  }

  /** The fault for a request that has just come in. `bodyBytes` is the announced length. */
  takeAtStart(endpoint: Endpoint, bodyBytes: number): FaultEffect | undefined {
    return this.#take(endpoint, undefined) ?? this.#takeRandom(bodyBytes)
  }

  /** The fault for this slice, once its number has been read. */
  takeForSlice(sliceNo: number): FaultEffect | undefined {
    return this.#take('slice', sliceNo)
  }

  #take(endpoint: Endpoint, sliceNo: number | undefined): Fault | undefined {
    for (const queued of this.#queue) {
      if (queued.fault.on !== endpoint || queued.fault.sliceNo !== sliceNo) continue
      if (queued.toSkip > 0) {
        queued.toSkip -= 1
        continue
      }
      queued.left -= 1
      if (queued.left <= 0) this.#queue = this.#queue.filter((other) => other !== queued)
      return queued.fault
    }
    return undefined
  }

  #takeRandom(bodyBytes: number): FaultEffect | undefined {
    if (!this.#random || this.#random.next() >= this.#random.rate) return undefined
    const { next } = this.#random
    const choices: readonly (() => FaultEffect)[] = [
      () => ({ kind: 'before', status: 500, body: '' }),
      () => ({ kind: 'before', status: 502, headers: { 'content-type': 'text/html' }, body: HTML_PAGE }),
      () => ({ kind: 'lost-answer' }),
      () => ({ kind: 'cut', afterBytes: Math.floor(next() * bodyBytes) }),
      () => ({ kind: 'delay', ms: Math.floor(next() * 500) }),
    ]
    return choices[Math.floor(next() * choices.length)]?.()
  }
}

/** mulberry32: small, and the same everywhere. Numbers in [0, 1). */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const target = {
  on: endpointSchema,
  sliceNo: z.int().positive().exactOptional(),
  skip: z.int().nonnegative().exactOptional(),
  times: z.int().positive().exactOptional(),
}

/** A fault as it comes through the control API. */
export const faultSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...target,
    kind: z.literal('before'),
    status: z.int().min(200).max(599).exactOptional(),
    code: z.int().exactOptional(),
    message: z.string().exactOptional(),
    headers: z.record(z.string(), z.string()).exactOptional(),
    body: z.string().exactOptional(),
  }),
  z.strictObject({ ...target, kind: z.literal('lost-answer') }),
  z.strictObject({ ...target, kind: z.literal('cut'), afterBytes: z.int().nonnegative() }),
  z.strictObject({ ...target, kind: z.literal('delay'), ms: z.int().nonnegative() }),
  z.strictObject({ ...target, kind: z.literal('hang') }),
]) satisfies z.ZodType<Fault>

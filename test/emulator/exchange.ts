import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyRequest } from 'fastify'
import { type Answer, breach, ConnectionEnded, Refusal } from './answers.ts'
import type { ArrivedBytes, Endpoint, FaultEffect, RequestRecord } from './types.ts'

const MAX_JSON_BYTES = 1024 ** 2

/** One request on its way through: reads the body, lets faults strike, and remembers what the record needs. */
export class Exchange {
  readonly endpoint: Endpoint | 'unknown'
  readonly request: FastifyRequest
  readonly at = Date.now()
  authorized = false
  sliceNo: number | undefined
  preuploadID: string | undefined
  /** Called when the answer is on its way. */
  onAnswered: () => void = () => undefined
  readonly #host: string
  readonly #onBodyBytes: (arrived: ArrivedBytes) => void
  #received = 0
  #reading: 'not-begun' | 'begun' | 'over' = 'not-begun'
  #cutAfter: number | undefined
  #answerIsLost = false
  #isHung = false

  constructor(
    endpoint: Endpoint | 'unknown',
    request: FastifyRequest,
    onBodyBytes: (arrived: ArrivedBytes) => void,
  ) {
    this.endpoint = endpoint
    this.#onBodyBytes = onBodyBytes
    this.request = request
    // A closed socket no longer knows its port.
    this.#host = `127.0.0.1:${request.raw.socket.localPort ?? 0}`
  }

  /** It will never be answered, not even by the gateway's own time limit. */
  get isHung(): boolean {
    return this.#isHung
  }

  get answerIsLost(): boolean {
    return this.#answerIsLost
  }

  header(name: string): string | undefined {
    const value = this.request.headers[name]
    return Array.isArray(value) ? value.join(', ') : value
  }

  /** The announced length; 0 when there is none. */
  get announcedBytes(): number {
    return Number(this.header('content-length') ?? 0)
  }

  /** Lets a fault strike: returns when the request may go on. */
  async meet(fault: FaultEffect | undefined): Promise<void> {
    switch (fault?.kind) {
      case undefined:
        return
      case 'before':
        throw new Refusal(answerOf(fault))
      case 'lost-answer':
        this.#answerIsLost = true
        return
      case 'cut':
        this.#cutAfter = fault.afterBytes
        if (this.#received >= fault.afterBytes || !this.#hasBody()) this.#cut()
        return
      case 'delay':
        await sleep(fault.ms)
        return
      case 'hang':
        this.#isHung = true
        return new Promise((_resolve, reject) => {
          this.request.raw.socket.once('close', () => {
            reject(new ConnectionEnded('Hung until it was closed'))
          })
        })
    }
  }

  /** The body's chunks, counted. Must be read to its end, unless it throws. */
  async *chunks(): AsyncGenerator<Buffer> {
    if (!this.#hasBody()) return
    this.#reading = 'begun'
    try {
      // Kept open when the loop is left: whoever ends the exchange writes the record first, then closes the socket.
      const raw = this.request.raw.iterator({ destroyOnReturn: false })
      for await (const chunk of raw as AsyncIterable<Buffer>) {
        // No encoding is ever set, so chunks are never strings; hence the `as`.
        this.#received += chunk.length
        this.#onBodyBytes({ endpoint: this.endpoint, request: this, bytes: chunk.length })
        if (this.#cutAfter !== undefined && this.#received >= this.#cutAfter) this.#cut()
        yield chunk
      }
    } catch (error) {
      if (error instanceof ConnectionEnded) throw error
      throw new ConnectionEnded('The client went away', { cause: error })
    } finally {
      this.#reading = 'over'
    }
    if (this.#cutAfter !== undefined) this.#cut()
  }

  /** Reads what nobody has read, so that a refusal reaches a client that is still sending. */
  async drain(): Promise<void> {
    if (this.#reading !== 'not-begun') return
    const chunks = this.chunks()
    while (!(await chunks.next()).done);
  }

  async json(): Promise<unknown> {
    const mediaType = this.header('content-type')?.split(';')[0]?.trim().toLowerCase()
    if (mediaType !== 'application/json') throw breach('Content-Type must be application/json')
    const chunks: Buffer[] = []
    for await (const chunk of this.chunks()) if (this.#received <= MAX_JSON_BYTES) chunks.push(chunk)
    if (this.#received > MAX_JSON_BYTES) throw breach('参数错误: the body is too large')
    try {
      return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown // JSON.parse gives any
    } catch {
      throw breach('参数错误: the body is not JSON')
    }
  }

  record(status: number, code: number | undefined): RequestRecord {
    return {
      at: this.at,
      endpoint: this.endpoint,
      host: this.#host,
      status,
      code,
      bodyBytes: this.#received,
      authorized: this.authorized,
      ...(this.sliceNo === undefined ? {} : { sliceNo: this.sliceNo }),
      ...(this.preuploadID === undefined ? {} : { preuploadID: this.preuploadID }),
    }
  }

  #hasBody(): boolean {
    return this.announcedBytes > 0 || this.header('transfer-encoding') !== undefined
  }

  #cut(): never {
    throw new ConnectionEnded('Cut by a fault')
  }
}

function answerOf(fault: FaultEffect & { readonly kind: 'before' }): Answer {
  const { headers = {}, message = 'fault' } = fault
  const status = fault.status ?? (fault.code === undefined ? 500 : 200)
  if (fault.body !== undefined) return { kind: 'raw', status, headers, body: fault.body }
  return { kind: 'error', status, code: fault.code ?? (status === 200 ? 1 : status), message, headers }
}

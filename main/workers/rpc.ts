import { DriveError, toFailure, type Failure } from '#app/errors'

/** What one side of a port can be asked: a line a call. */
export type Api = Record<string, Call>

/** A side that is asked nothing. */
export type NoApi = Record<string, never>

interface Call {
  readonly input: unknown
  /** Reported while the call runs; `never` when it reports nothing. */
  readonly progress: unknown
  readonly output: unknown
}

export interface CallContext<C extends Call> {
  readonly signal: AbortSignal
  readonly report: (progress: C['progress']) => void
}

/** Exhaustive: a call without a handler does not compile. */
export type Handlers<A extends Api> = {
  readonly [N in keyof A]: (
    input: A[N]['input'],
    context: CallContext<A[N]>,
  ) => Promise<A[N]['output']> | A[N]['output']
}

/** The part of a MessagePort, a Worker or a socket that is used here. */
export interface Port {
  postMessage(message: unknown): void
  on(event: 'message', listener: (message: unknown) => void): unknown
}

type Message =
  | { readonly type: 'call'; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'progress'; readonly id: number; readonly progress: unknown }
  | { readonly type: 'done'; readonly id: number; readonly output: unknown }
  | { readonly type: 'failed'; readonly id: number; readonly failure: Failure }
  | { readonly type: 'event'; readonly name: string; readonly payload: unknown }

interface Pending {
  readonly resolve: (output: unknown) => void
  readonly reject: (error: Error) => void
  readonly report: (progress: unknown) => void
}

interface CallOptions<C extends Call> {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: C['progress']) => void
}

/**
 * Both ends of a port seen as async functions and events: `Theirs` is what the other side answers, `Ours` what this side does.
 * Failures cross as plain data. When the other side dies, `close` fails every call in flight: nothing hangs.
 */
export class Peer<
  Theirs extends Api,
  Ours extends Api = NoApi,
  EventsIn extends object = object,
  EventsOut extends object = object,
> {
  readonly #port: Port
  readonly #handlers: Handlers<Ours>
  readonly #listeners = new Map<string, (payload: never) => void>()
  readonly #pending = new Map<number, Pending>()
  readonly #running = new Map<number, AbortController>()
  #nextId = 1
  #closed: DriveError | undefined

  constructor(port: Port, handlers: Handlers<Ours>) {
    this.#port = port
    this.#handlers = handlers
    port.on('message', (message) => {
      // Both ends are this class, in one build.
      this.#receive(message as Message)
    })
  }

  call<N extends keyof Theirs & string>(
    name: N,
    input: Theirs[N]['input'],
    options: CallOptions<Theirs[N]> = {},
  ): Promise<Theirs[N]['output']> {
    const { signal, onProgress } = options
    if (this.#closed) return Promise.reject(this.#closed)
    if (signal?.aborted) return Promise.reject(new DriveError('cancelled', `${name} cancelled`))
    const id = this.#nextId++
    return new Promise<unknown>((resolve, reject) => {
      const abort = (): void => {
        this.#post({ type: 'cancel', id })
      }
      // First, as what cannot be copied fails here.
      this.#post({ type: 'call', id, name, input })
      const settle =
        <T>(then: (value: T) => void) =>
        (value: T): void => {
          signal?.removeEventListener('abort', abort)
          then(value)
        }
      this.#pending.set(id, {
        resolve: settle(resolve),
        reject: settle(reject),
        report: (progress) => onProgress?.(progress),
      })
      signal?.addEventListener('abort', abort, { once: true })
    })
  }

  emit<N extends keyof EventsOut & string>(name: N, payload: EventsOut[N]): void {
    if (!this.#closed) this.#post({ type: 'event', name, payload })
  }

  /** One listener an event: there is one owner at each end. */
  on<N extends keyof EventsIn & string>(name: N, listener: (payload: EventsIn[N]) => void): void {
    this.#listeners.set(name, listener)
  }

  get inFlight(): number {
    return this.#pending.size
  }

  /** The other side is gone: what it was doing for us fails, what we were doing for it stops. */
  close(reason: string): void {
    if (this.#closed) return
    this.#closed = new DriveError('interrupted', reason)
    for (const { reject } of this.#pending.values()) reject(this.#closed)
    this.#pending.clear()
    for (const controller of this.#running.values()) controller.abort()
  }

  #post(message: Message): void {
    this.#port.postMessage(message)
  }

  #receive(message: Message): void {
    switch (message.type) {
      case 'call':
        void this.#answer(message.id, message.name, message.input)
        return
      case 'cancel':
        this.#running.get(message.id)?.abort()
        return
      case 'progress':
        this.#pending.get(message.id)?.report(message.progress)
        return
      case 'done':
        this.#take(message.id)?.resolve(message.output)
        return
      case 'failed':
        this.#take(message.id)?.reject(DriveError.from(message.failure))
        return
      case 'event':
        this.#listeners.get(message.name)?.(message.payload as never)
    }
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    return pending
  }

  async #answer(id: number, name: string, input: unknown): Promise<void> {
    const controller = new AbortController()
    this.#running.set(id, controller)
    const context = {
      signal: controller.signal,
      report: (progress: unknown) => {
        if (!this.#closed) this.#post({ type: 'progress', id, progress })
      },
    }
    try {
      if (!Object.hasOwn(this.#handlers, name)) throw new DriveError('internal', `Nobody answers ${name}`)
      // The name was just found among the handlers; its input was typed by `call` on the other side.
      const handler = this.#handlers[name as keyof Ours] as (input: unknown, context: unknown) => unknown
      const output = await handler(input, context)
      if (!this.#closed) this.#post({ type: 'done', id, output })
    } catch (thrown) {
      const failure = controller.signal.aborted
        ? ({ code: 'cancelled', message: `${name} cancelled` } as const)
        : toFailure(thrown)
      if (!this.#closed) this.#post({ type: 'failed', id, failure })
    } finally {
      this.#running.delete(id)
    }
  }
}

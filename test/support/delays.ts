import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { IntervalHistogram } from 'node:perf_hooks'
import type { RunningApp } from './app.ts'

/** How late an event loop was for what it had to do, in milliseconds. */
export interface Delay {
  readonly p99: number
  readonly max: number
  readonly count: number
}

/** `bystander`: a process that does a fixed little (bystander.mjs) on the same machine in the same time: it waits for the machine alone. */
export interface Delays {
  readonly main: Delay
  readonly page: Delay
  readonly bystander: Delay
}

const RESOLUTION_MS = 10

/** Measures how responsive the app is, and how responsive it could be. */
export class DelayProbe {
  readonly #app: RunningApp
  readonly #bystander: ChildProcess

  private constructor(app: RunningApp, bystander: ChildProcess) {
    this.#app = app
    this.#bystander = bystander
  }

  static async start(app: RunningApp): Promise<DelayProbe> {
    const bystander = fork(new URL('./bystander.mjs', import.meta.url), { execArgv: [] })
    await once(bystander, 'message')
    await app.app.evaluate((_, resolution) => {
      const { monitorEventLoopDelay } = process.getBuiltinModule('node:perf_hooks')
      const delays = monitorEventLoopDelay({ resolution })
      delays.enable()
      Object.assign(globalThis, { delays })
    }, RESOLUTION_MS)
    await app.page.evaluate((resolution) => {
      const probe = { delays: [] as number[] }
      Object.assign(globalThis, { probe })
      const look = (due: number): void => {
        const now = performance.now()
        probe.delays.push(Math.max(0, now - due))
        setTimeout(look, resolution, now + resolution)
      }
      look(performance.now())
    }, RESOLUTION_MS)
    return new DelayProbe(app, bystander)
  }

  /** Since it began, or since it was last asked. */
  async take(): Promise<Delays> {
    const [main, page, bystander] = await Promise.all([this.#ofMain(), this.#ofPage(), this.#ofBystander()])
    return { main, page, bystander }
  }

  stop(): void {
    this.#bystander.kill()
  }

  /** The histogram counts how long it took from one look to the next. */
  #ofMain(): Promise<Delay> {
    return this.#app.app.evaluate(() => {
      const { delays } = globalThis as unknown as { delays: IntervalHistogram }
      const { max, count } = delays
      const p99 = delays.percentile(99)
      delays.reset()
      return { p99: p99 / 1e6, max: max / 1e6, count }
    })
  }

  #ofPage(): Promise<Delay> {
    return this.#app.page.evaluate(() => {
      const { probe } = globalThis as unknown as { probe: { delays: number[] } }
      const delays = probe.delays.sort((one, other) => one - other)
      probe.delays = []
      const p99 = delays[Math.floor(delays.length * 0.99)] ?? 0
      return { p99, max: delays.at(-1) ?? 0, count: delays.length }
    })
  }

  async #ofBystander(): Promise<Delay> {
    const answer = once(this.#bystander, 'message')
    this.#bystander.send('take')
    const [delay] = (await answer) as [Delay]
    return delay
  }
}

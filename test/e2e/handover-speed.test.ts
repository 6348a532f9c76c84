import { spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type * as threads from 'node:worker_threads'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { electronProgram, environment, startAgain } from '#test/app'
import { createDesk, type Desk } from '#test/desk'

/** How long it takes from a click in the file manager until the running app's engine has the path: mostly Electron's own start. */
const ROUNDS = 9
/** A machine that was disturbed while it was measured is measured on. */
const MOST_ROUNDS = 25
/** Of what the same Electron takes to its first line of JavaScript; design bar: 300 ms. */
const BAR = 1.6

let desk: Desk
beforeEach(async () => {
  desk = await createDesk()
})
afterEach(() => desk.close())

/** Milliseconds from the beginning of an Electron to the first line of what it runs. */
function startBare(app: string): Promise<number> {
  const began = Date.now()
  const child = spawn(electronProgram(), [app], {
    env: environment({}),
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let said = ''
  child.stdout.on('data', (text: Buffer) => (said += text.toString('utf8')))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', () => resolve(Number(/at (\d+)/u.exec(said)?.[1]) - began))
  })
}

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN

test('a path reaches the running app’s engine hardly later than Electron can run anything', async () => {
  const bare = join(desk.folder, 'bare')
  await mkdir(bare)
  await writeFile(join(bare, 'package.json'), '{ "name": "bare", "version": "1.0.0", "main": "main.cjs" }')
  await writeFile(join(bare, 'main.cjs'), `process.stdout.write('at ' + Date.now()); process.exit(0)`)
  const app = await desk.open()
  // As the app's main thread hands it to the engine's.
  await app.app.evaluate(() => {
    const { Worker: Thread } = (
      process as unknown as { getBuiltinModule(name: string): typeof threads }
    ).getBuiltinModule('node:worker_threads')
    const post = Thread.prototype.postMessage // eslint-disable-line @typescript-eslint/unbound-method -- bound anew at each call.
    const handed: number[] = []
    Object.assign(globalThis, { handed })
    Thread.prototype.postMessage = function (message: unknown, ...rest) {
      if (JSON.stringify(message).includes('"add"')) handed.push(Date.now())
      post.call(this, message, ...rest)
    }
  })
  const handedAt = (): Promise<readonly number[]> =>
    app.app.evaluate(() => (globalThis as unknown as { handed: number[] }).handed)
  const env = { PAN123_API_URL: desk.emulator.url, PAN123_DATA_DIR: desk.data }
  const file = join(desk.folder, 'a.txt')
  await writeFile(file, 'a')

  const handOver = async (): Promise<number> => {
    const before = (await handedAt()).length
    const began = Date.now()
    expect(await startAgain(env, ['--upload', file], desk.folder)).toBe(0)
    await expect.poll(async () => (await handedAt()).length).toBe(before + 1)
    return ((await handedAt()).at(-1) ?? NaN) - began
  }

  await startBare(bare)
  await handOver()
  const times = { bare: [] as number[], ours: [] as number[] }
  const ratio = (): number => median(times.ours) / median(times.bare)
  while (times.ours.length < ROUNDS || (ratio() > BAR && times.ours.length < MOST_ROUNDS)) {
    times.bare.push(await startBare(bare))
    times.ours.push(await handOver())
  }
  console.log(`bare ${times.bare.join(' ')}; ours ${times.ours.join(' ')}`)
  console.log(
    `hand-over: bare start ${median(times.bare)} ms, path with the engine ${median(times.ours)} ms, ratio ${ratio().toFixed(2)}`,
  )
  expect(ratio()).toBeLessThanOrEqual(BAR)
})

import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startEmulator, type Emulator } from '#emulator/emulator'
import { electronProgram, environment } from '#test/app'
import { fillQueue } from '#test/filled-queue'

const OURS = fileURLToPath(new URL('../..', import.meta.url))
const PROBE = fileURLToPath(new URL('../support/start-probe.cjs', import.meta.url))
const ROUNDS = 7
/** A machine that was disturbed while it was measured is measured on. */
const MOST_ROUNDS = 21
const BAR = 1.6
const ROWS = 200

let folder: string
let emulator: Emulator

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pan123-start-'))
  emulator = await startEmulator()
})
afterEach(async () => {
  await emulator.close()
  await rm(folder, { recursive: true, force: true })
})

/** The least there can be: a window like ours with a page that says hello. */
async function makeHello(): Promise<string> {
  const hello = join(folder, 'hello')
  await mkdir(hello)
  await writeFile(join(hello, 'package.json'), '{ "name": "hello", "version": "1.0.0", "main": "main.cjs" }')
  await writeFile(join(hello, 'index.html'), '<!doctype html><title>Hello</title><h1>Hello, world</h1>')
  await writeFile(
    join(hello, 'main.cjs'),
    `const { app, BrowserWindow } = require('electron')
app.setPath('userData', ${JSON.stringify(join(folder, 'hello-data'))})
app.whenReady().then(() => {
  const window = new BrowserWindow({
    width: 1100, height: 720, show: false, autoHideMenuBar: true, backgroundColor: '#f5f6f9',
    webPreferences: { contextIsolation: true, sandbox: true, nodeIntegration: false, spellcheck: false },
  })
  window.once('ready-to-show', () => window.show())
  void window.loadFile('index.html')
})`,
  )
  return hello
}

/** Milliseconds from the beginning of the process to a window that can be used. */
function start(app: string, selector: string, env: Readonly<Record<string, string>> = {}): Promise<number> {
  // Not by Playwright, which holds an app back until it has connected: that would hide much of what is measured.
  const child = spawn(electronProgram(), ['-r', PROBE, app], {
    env: environment({ ...env, START_PROBE: selector, START_BEGAN: String(Date.now()) }),
    stdio: ['ignore', 'pipe', 'pipe'],
    // One that hangs says what it has said.
    timeout: 30_000,
    killSignal: 'SIGKILL',
  })
  let said = ''
  const keep = (text: Buffer): void => {
    said += text.toString('utf8')
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', () => {
      const after = /usable after (\d+) ms/u.exec(said)?.[1]
      if (after === undefined) reject(new Error(`No window:\n${said}`))
      else resolve(Number(after))
    })
  })
}

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN

test('the window can be used no later than 1.6 times as late as the least window there can be', async () => {
  const hello = await makeHello()
  const data = join(folder, 'data')
  await fillQueue(data, ROWS)
  const startHello = () => start(hello, '')
  const startOurs = () =>
    start(OURS, '[data-testid="transfer-row"]', {
      PAN123_API_URL: emulator.url,
      PAN123_DATA_DIR: data,
      PAN123_TOKEN: emulator.token,
    })
  // The first of each makes its data folder, and reads its files from the disk.
  await startHello()
  await startOurs()
  const times = { hello: [] as number[], ours: [] as number[] }
  const ratio = (): number => median(times.ours) / median(times.hello)
  while (times.ours.length < ROUNDS || (ratio() > BAR && times.ours.length < MOST_ROUNDS)) {
    times.hello.push(await startHello())
    times.ours.push(await startOurs())
  }
  const [least, ours] = [median(times.hello), median(times.ours)]
  console.log(`hello ${times.hello.join(' ')}; ours ${times.ours.join(' ')}`)
  console.log(`start to usable: hello ${least} ms, ours ${ours} ms, ratio ${(ours / least).toFixed(2)}`)
  expect(ratio()).toBeLessThanOrEqual(BAR)
})

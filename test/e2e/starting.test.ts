import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { startEmulator, type Emulator } from '#emulator/emulator'
import { serveTransfers, socketPathOf, type TransfersServer } from '#main/engine/socket'
import { electronProgram, environment, launch } from '#test/app'

/** What may happen while the window is there and the engine is not yet. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const PROBE = fileURLToPath(new URL('../support/start-probe.cjs', import.meta.url))
let folder: string
let data: string
let emulator: Emulator

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pan123-starting-'))
  data = join(folder, 'data')
  await mkdir(data, { mode: 0o700 })
  emulator = await startEmulator()
})
afterEach(async () => {
  await emulator.close()
  await rm(folder, { recursive: true, force: true })
})

const env = (): Record<string, string> => ({
  PAN123_API_URL: emulator.url,
  PAN123_DATA_DIR: data,
  PAN123_TOKEN: emulator.token,
  LC_ALL: 'C.UTF-8',
  LANGUAGE: 'zh-CN',
})

interface Run {
  readonly code: number | null
  readonly said: string
}

/** Runs the app with a script of the test's before its own code, until it ends by itself. */
async function run(
  script: string,
  {
    args = [],
    hear,
    probe,
  }: { args?: readonly string[]; hear?: (said: string) => void; probe?: string } = {},
): Promise<Run> {
  const before = join(folder, 'before.cjs')
  await writeFile(before, `const { app, dialog } = require('electron')\n${script}`)
  const scripts = ['-r', before, ...(probe === undefined ? [] : ['-r', PROBE])]
  const child = spawn(electronProgram(), [...scripts, ROOT, '--lang=zh-CN', ...args], {
    env: environment({ ...env(), START_PROBE: probe ?? '', START_BEGAN: String(Date.now()) }),
    stdio: ['ignore', 'pipe', 'pipe'],
    // One that hangs says what it has said.
    timeout: 30_000,
    killSignal: 'SIGKILL',
  })
  let said = ''
  const keep = (text: Buffer): void => {
    said += text.toString('utf8')
    hear?.(said)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => resolve({ code, said }))
  })
}

/** Boxes are answered so, and what they ask stands on the terminal. */
const answering = (response: number): string => `
dialog.showErrorBox = (...words) => console.log('ERROR', ...words)
dialog.showMessageBox = async (...args) => {
  console.log('ASKED', JSON.stringify(args.at(-1)))
  await new Promise(setImmediate)
  return { response: ${response}, checkboxChecked: false }
}`

async function hold(): Promise<TransfersServer> {
  const holder = await serveTransfers(socketPathOf(data), 'cli', () => Promise.reject(new Error('not asked')))
  onTestFinished(() => holder.close())
  return holder
}

test('a window that is closed at once ends the app without a word, and what it was to upload waits for the next start', async () => {
  await writeFile(join(folder, 'a.txt'), 'a')
  const close = `app.on('browser-window-created', (_, window) => setImmediate(() => window.close()))`
  const { code, said } = await run(`${answering(0)}\n${close}`, { args: ['--upload', join(folder, 'a.txt')] })
  expect(said).not.toMatch(/ASKED|ERROR |Unforeseen|Unhandled/u)
  expect(code).toBe(0)
  expect(emulator.files()).toEqual([])
  const app = await launch({ env: env() })
  await app.page.locator('[data-testid="transfer-row"][data-status="done"]').waitFor()
  await app.close()
  expect(emulator.files().map(({ path }) => path)).toEqual(['/a.txt'])
})

test('a data folder that is held is said over the window, which goes on when it is free', async () => {
  const holder = await hold()
  let freed: Promise<void> | undefined
  const { code, said } = await run(answering(0), {
    hear: (text) => {
      if (text.includes('ASKED')) freed ??= holder.close()
    },
    probe: '[data-testid="upload-button"]',
  })
  expect(said).toMatch(/ASKED .*正在使用同一份数据.*重试.*退出/u)
  expect(said).toMatch(/usable after \d+ ms/u)
  expect(code).toBe(0)
})

test('whoever would rather quit than wait for it, quits', async () => {
  await hold()
  const { code, said } = await run(answering(1))
  expect(said.match(/ASKED/gu)).toHaveLength(1)
  expect(code).toBe(1)
})

test('an engine that cannot start is said in the person’s language, and ends the app', async () => {
  const noThreads = `
require('node:worker_threads').Worker = class { constructor() { throw new Error('no thread left') } }
require('node:module').syncBuiltinESMExports()`
  const { code, said } = await run(`${answering(0)}${noThreads}`)
  expect(said).toMatch(/ERROR 123pan Sync 应用内部出错[^]*no thread left/u)
  expect(code).toBe(1)
})

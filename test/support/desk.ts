import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator } from 'playwright-core'
import { startEmulator, type Emulator } from '#emulator/emulator'
import { launch, type LaunchOptions, type RunningApp } from './app.ts'

/** The built app, signed in, on an emulated platform, with a folder of files to upload. */
export interface Desk {
  readonly emulator: Emulator
  readonly folder: string
  /** The app's data folder; what is put there before `open` is found there. */
  readonly data: string
  /** The app that was opened last. */
  readonly app: RunningApp
  open(options?: Partial<LaunchOptions>): Promise<RunningApp>
  restart(): Promise<RunningApp>
  /** Writes files of so many random bytes, or with that text, and drops them onto the window. */
  drop(files: Readonly<Record<string, number | string>>): Promise<void>
  row(name: string, status?: string): Locator
  /** Slices that arrived, by their number, in ascending order; one that was sent twice is there twice. */
  slices(): readonly number[]
  /** What the page's console complained of, over all apps. */
  complaints(): readonly string[]
  close(): Promise<void>
}

export async function createDesk(): Promise<Desk> {
  const folder = await mkdtemp(join(tmpdir(), 'pan123-desk-'))
  const emulator = await startEmulator()
  const data = join(folder, 'data')
  const complaints: string[] = []
  let app: RunningApp | undefined

  async function shut(): Promise<void> {
    complaints.push(...(app?.complaints ?? []))
    const last = app
    app = undefined
    await last?.close()
  }

  const desk: Desk = {
    emulator,
    folder,
    data,
    get app() {
      if (!app) throw new Error('No app is open')
      return app
    },
    async open(options = {}) {
      const env = { PAN123_API_URL: emulator.url, PAN123_DATA_DIR: data, PAN123_TOKEN: emulator.token }
      app = await launch({ ...options, env: { ...env, ...options.env } })
      return app
    },
    async restart() {
      await shut()
      return desk.open()
    },
    async drop(files) {
      for (const [name, content] of Object.entries(files))
        await writeFile(join(folder, name), typeof content === 'number' ? randomBytes(content) : content)
      await desk.app.drop(Object.keys(files).map((name) => join(folder, name)))
    },
    row: (name, status) =>
      desk.app.page.locator(
        `[data-testid="transfer-row"][data-path$="${name}"]${status ? `[data-status="${status}"]` : ''}`,
      ),
    slices: () =>
      emulator
        .requests()
        .flatMap(({ endpoint, status, code, sliceNo }) =>
          endpoint === 'slice' && status === 200 && code === 0 && sliceNo !== undefined ? [sliceNo] : [],
        )
        .sort((one, other) => one - other),
    complaints: () => [...complaints, ...(app?.complaints ?? [])],
    async close() {
      try {
        await shut()
      } finally {
        await emulator.close()
        await rm(folder, { recursive: true, force: true })
      }
    },
  }
  return desk
}

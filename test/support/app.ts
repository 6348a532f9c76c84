import { spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { _electron, type ElectronApplication, type Locator, type Page } from 'playwright-core'
import { COMPLAINING, complainFromNowOn, Complaints } from './complaints.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** The packed program to test in place of the built project; one with the inspector on (build/packages/inspectable.mjs). */
export const PACKED = process.env['PAN123_PACKED']
/** What Electron is told to run. */
export const PROJECT: readonly string[] = PACKED ? [] : [ROOT]
const SCREENSHOTS = new URL('../../out/screenshots/', import.meta.url)

/** The built app, running, with a data folder of its own and the test's desktop and keychain. */
export interface RunningApp {
  readonly app: ElectronApplication
  readonly page: Page
  /** What any page's console said that was not just talk; `close` fails with it. */
  readonly complaints: readonly string[]
  /** What the test itself has caused a page to complain of: it must come, and does not count. */
  provoked(pattern: RegExp): Promise<void>
  /** What the app wrote to its terminal. */
  readonly log: () => string
  by(testid: string): Locator
  /** Drops files and folders onto the window as a file manager would. */
  drop(paths: readonly string[]): Promise<void>
  /** Keeps a picture in out/screenshots. */
  picture(name: string): Promise<void>
  close(): Promise<void>
}

export interface LaunchOptions {
  readonly env: Readonly<Record<string, string>>
  readonly args?: readonly string[]
  readonly language?: 'zh-CN' | 'en-US'
  /** Starts Electron with the arguments it is given; Electron itself unless given. */
  readonly program?: string
}

/** Resolves when its own code is about to run, with a window or without. */
export function launchBare({
  env,
  args = [],
  language = 'zh-CN',
  program: executablePath = PACKED,
}: LaunchOptions): Promise<ElectronApplication> {
  return _electron.launch({
    // Playwright and Electron share one node_modules; ELECTRON_OVERRIDE_DIST_PATH says which Electron.
    args: [...(PACKED ? [] : [...COMPLAINING, '.']), `--lang=${language}`, ...args],
    cwd: ROOT,
    ...(executablePath === undefined ? {} : { executablePath }),
    // A bare machine has this one UTF-8 locale, and Chromium drops no file with a Chinese name without one.
    env: environment({ ...env, LC_ALL: 'C.UTF-8', LANGUAGE: language }),
    timeout: 30_000,
  })
}

export async function launch(options: LaunchOptions): Promise<RunningApp> {
  const app = await launchBare(options)
  let log = ''
  const complaints = new Complaints()
  const keep = (text: Buffer): void => {
    log += text.toString('utf8')
    complaints.hear(text.toString('utf8'))
  }
  app.process().stdout?.on('data', keep)
  app.process().stderr?.on('data', keep)
  if (PACKED) await complainFromNowOn(app)
  const page = await app.firstWindow()
  await page.getByTestId('signin-tab-client').or(page.getByTestId('upload-button')).first().waitFor()
  return {
    app,
    page,
    get complaints() {
      return complaints.all
    },
    provoked: (pattern) => complaints.provoked(pattern),
    log: () => log,
    by: (testid) => page.getByTestId(testid),
    drop: (paths) => dropOn(page, paths),
    async picture(name) {
      await mkdir(SCREENSHOTS, { recursive: true })
      await page.screenshot({
        path: fileURLToPath(new URL(`${name}.png`, SCREENSHOTS)),
        animations: 'disabled',
      })
    },
    async close() {
      await app.close()
      await complaints.check()
    },
  }
}

/** A second start, as the file manager's menu does it: resolves with its exit code. */
export function startAgain(
  env: Readonly<Record<string, string>>,
  args: readonly string[],
  cwd: string,
): Promise<number | null> {
  const child = spawn(electronProgram(), [...PROJECT, ...args], {
    cwd,
    env: environment(env),
    stdio: 'ignore',
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
}

/** Electron, which is to be given PROJECT; or the packed program. */
export function electronProgram(): string {
  // The main module of Electron's package is the path of its program.
  return PACKED ?? (createRequire(import.meta.url)('electron') as string)
}

/** This process's, less anything of ours that it may have, and its proxy. */
export function environment(more: Readonly<Record<string, string>>): Record<string, string> {
  const inherited = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || /^PAN123_|_proxy$/iu.test(name) ? [] : [[name, value] as const],
  )
  return { ...Object.fromEntries(inherited), ...more }
}

async function dropOn(page: Page, paths: readonly string[]): Promise<void> {
  const devtools = await page.context().newCDPSession(page)
  const data = { items: [], files: [...paths], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await devtools.send('Input.dispatchDragEvent', { type, x: 500, y: 400, data })
  }
  await devtools.detach()
}

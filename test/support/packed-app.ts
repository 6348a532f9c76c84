import { execFile, spawn } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { createPackageWithOptions, extractAll } from '@electron/asar'
import { _electron, chromium, type ElectronApplication, type Page } from 'playwright-core'
import { environment } from './app.ts'

/** A copy of the packed program of PAN123_PACKED. */
export interface PackedCopy {
  readonly program: string
  readonly resources: string
  remove(): Promise<void>
}

/** With a package.json of its own, as if it had been packaged so. */
export async function copyPacked(changes: Readonly<Record<string, unknown>>): Promise<PackedCopy> {
  const packed = process.env['PAN123_PACKED']
  if (!packed) throw new Error('PAN123_PACKED names no packed program')
  const folder = await mkdtemp(join(tmpdir(), 'pan123-packed-'))
  const to = join(folder, 'app')
  await cp(dirname(packed), to, { recursive: true })
  const resources = join(to, 'resources')
  await changeManifest(resources, changes)
  return {
    program: join(to, basename(packed)),
    resources,
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

/** Another deb like this one, of that version and with these entries in its package.json. */
export async function makeDebLike(
  deb: string,
  version: string,
  changes: Readonly<Record<string, unknown>>,
): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'pan123-deb-'))
  const run = promisify(execFile)
  try {
    const root = join(folder, 'root')
    await run('dpkg-deb', ['--raw-extract', deb, root])
    await changeManifest(join(root, 'opt/pan123-sync/resources'), { ...changes, version })
    const control = join(root, 'DEBIAN/control')
    const text = await readFile(control, 'utf8')
    await writeFile(control, text.replace(/^Version: .*$/mu, `Version: ${version}`))
    const file = join(folder, 'made.deb')
    await run('dpkg-deb', ['--root-owner-group', '-Znone', '--build', root, file])
    return await readFile(file)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function changeManifest(resources: string, changes: Readonly<Record<string, unknown>>): Promise<void> {
  const content = await mkdtemp(join(tmpdir(), 'pan123-asar-'))
  extractAll(join(resources, 'app.asar'), content)
  const manifest = join(content, 'package.json')
  const given = JSON.parse(await readFile(manifest, 'utf8')) as Record<string, unknown>
  await writeFile(manifest, JSON.stringify({ ...given, ...changes }))
  await createPackageWithOptions(content, join(resources, 'app.asar'), { unpack: '**/*.node' })
  await rm(content, { recursive: true, force: true })
}

export interface PackedApp {
  readonly app: ElectronApplication
  readonly page: Page
  /** Resolves when its process has ended. */
  readonly ended: Promise<void>
}

export async function launchPacked(
  program: string,
  env: Readonly<Record<string, string>>,
): Promise<PackedApp> {
  const app = await _electron.launch({
    executablePath: program,
    args: ['--lang=zh-CN'],
    // A bare machine has this one UTF-8 locale, and Chromium drops no file with a Chinese name without one.
    env: environment({ ...env, LC_ALL: 'C.UTF-8', LANGUAGE: 'zh-CN' }),
    timeout: 30_000,
  })
  const child = app.process()
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve()
    })
  })
  const page = await app.firstWindow()
  await page.getByTestId('upload-button').first().waitFor()
  return { app, page, ended }
}

/** A packaged program, which has no inspector: a person's, but for the devtools of its page. */
export interface StartedProgram {
  /** Opens its devtools; its window's page. */
  page(): Promise<Page>
  stop(): Promise<void>
}

/** `command` is the program, or what starts it with what is added. */
export async function startProgram(
  command: readonly [string, ...(readonly string[])],
  env: Readonly<Record<string, string>>,
): Promise<StartedProgram> {
  const [program, ...args] = command
  const child = spawn(program, [...args, '--remote-debugging-port=0', '--lang=zh-CN'], {
    env: environment({ ...env, LC_ALL: 'C.UTF-8' }),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve()
    })
  })
  let said = ''
  const devtools = await new Promise<string>((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', () => {
      reject(new Error(`It ended: ${said}`))
    })
    child.stderr.on('data', (text: Buffer) => {
      said += text.toString('utf8')
      const found = /DevTools listening on (ws:\S+)/u.exec(said)?.[1]
      if (found !== undefined) resolve(found)
    })
    setTimeout(() => {
      reject(new Error(`It says nothing of its devtools: ${said}`))
    }, 60_000).unref()
  })
  return {
    async page() {
      const browser = await chromium.connectOverCDP(devtools)
      const [context] = browser.contexts()
      if (!context) throw new Error('It has no window')
      return context.pages()[0] ?? context.waitForEvent('page')
    },
    async stop() {
      child.kill()
      await ended
    },
  }
}

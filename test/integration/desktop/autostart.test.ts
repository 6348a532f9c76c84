import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { chmod, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { AutostartFile } from '#main/desktop/autostart-file'

/** The entry of a desktop's autostart folder, written for real and started by GLib, as desktops do it. */
const LAUNCH = fileURLToPath(new URL('../../support/launch-entry.py', import.meta.url))
/** Debian's own, which has Debian's bindings for GLib. */
const PYTHON = '/usr/bin/python3'

let home: string
let config: string
let entry: string

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'pan123-autostart-'))
  config = join(home, '.config')
  entry = join(config, 'autostart', 'pan123-sync.desktop')
})

afterEach(async () => {
  await rm(home, { recursive: true })
})

const open = (execPath: string, env: Readonly<Record<string, string>> = {}): AutostartFile =>
  new AutostartFile({ env: { HOME: home, ...env }, execPath, appPath: undefined })

/** Writes down what it was started with. */
async function program(path: string): Promise<string> {
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(
    path,
    `#!/bin/sh\nprintf '%s\\0' "$0" "$@" > '${home}/argv.part'\nmv '${home}/argv.part' '${home}/argv'\n`,
  )
  await chmod(path, 0o755)
  return path
}

// Only there is it a file.
describe.skipIf(process.platform !== 'linux')('starting at login', () => {
  test('is off, on and off again, as the file is', async () => {
    const switched = open(await program(join(home, 'pan123-sync')))
    expect(await switched.get()).toEqual({ status: 'off' })
    expect(await switched.set(true)).toEqual({ status: 'on' })
    expect(await switched.set(false)).toEqual({ status: 'off' })
    await expect(readFile(entry)).rejects.toThrow('ENOENT')
    expect(await switched.set(false)).toEqual({ status: 'off' })
  })

  test('follows XDG_CONFIG_HOME, and nothing that is relative', async () => {
    const path = await program(join(home, 'pan123-sync'))
    await open(path, { XDG_CONFIG_HOME: join(home, '别处') }).set(true)
    await readFile(join(home, '别处', 'autostart', 'pan123-sync.desktop'))
    await open(path, { XDG_CONFIG_HOME: 'nowhere' }).set(true)
    await readFile(entry)
  })

  test.each([
    'plain',
    'a=b',
    '123 pan 同步',
    '100% "quoted" %u',
    "it's $HOME `id` \\ back",
    'a;b&c|d<e>f*g?h#i~j(k)',
    'tab\tand\nnewline',
  ])('starts the program from a folder named %j', async (folder) => {
    const path = await program(join(home, folder, 'pan123-sync'))
    expect(await open(path).set(true)).toEqual({ status: 'on' })
    await promisify(execFile)(PYTHON, [LAUNCH, entry])
    await expect
      .poll(() => readFile(join(home, 'argv'), 'utf8').catch(() => ''), { timeout: 10_000 })
      .toBe(`${path}\0--hidden\0`)
  })

  test('is an entry that desktops find no fault with', async (context) => {
    await open(await program(join(home, '123 pan', 'pan123-sync'))).set(true)
    const { error, stdout, stderr } = spawnSync('desktop-file-validate', [entry], { encoding: 'utf8' })
    context.skip(error !== undefined, 'desktop-file-validate is not installed')
    expect(stdout + stderr).toBe('')
  })

  test('is off where another program stands in its place, and turning it on mends that', async () => {
    const path = await program(join(home, 'new', 'pan123-sync'))
    await open(await program(join(home, 'old', 'pan123-sync'))).set(true)
    expect(await open(path).get()).toEqual({ status: 'off', why: 'moved' })
    expect(await open(path).set(true)).toEqual({ status: 'on' })
  })

  test('goes on for an AppImage that was moved, once that has been started by hand', async () => {
    const mounted = join(home, 'mounted')
    const execPath = await program(join(mounted, 'pan123-sync'))
    const image = await program(join(home, '下载', '123pan.AppImage'))
    await open(execPath, { APPIMAGE: image, APPDIR: mounted }).set(true)
    expect(await readFile(entry, 'utf8')).toContain(`\nExec=${image} --hidden\n`)

    const moved = join(home, '123pan.AppImage')
    await rename(image, moved)
    const again = open(execPath, { APPIMAGE: moved, APPDIR: mounted })
    expect(await again.get()).toEqual({ status: 'off', why: 'moved' })
    await again.repair()
    expect(await again.get()).toEqual({ status: 'on' })
  })

  test('is not mended where it was switched off, or where another program is still there', async () => {
    const old = await program(join(home, 'old', 'pan123-sync'))
    const path = await program(join(home, 'pan123-sync'))
    await open(old).set(true)
    await open(path).repair()
    expect(await open(path).get()).toEqual({ status: 'off', why: 'moved' })

    await writeFile(entry, `${await readFile(entry, 'utf8')}Hidden=true\n`)
    await rm(old)
    await open(path).repair()
    expect(await open(path).get()).toEqual({ status: 'off', why: 'by-system' })
  })

  test('is on by whichever way the same program is reached', async () => {
    const path = await program(join(home, 'opt', 'pan123-sync'))
    await symlink(path, join(home, 'launcher'))
    await open(path).set(true)
    const text = await readFile(entry, 'utf8')
    await writeFile(entry, text.replace(path, join(home, 'launcher')))
    expect(await open(path).get()).toEqual({ status: 'on' })
  })

  test('an AppImage elsewhere in the environment is not this program', async () => {
    const path = await program(join(home, 'pan123-sync'))
    await open(path, { APPIMAGE: join(home, 'terminal.AppImage'), APPDIR: join(home, 'mounted') }).set(true)
    expect(await readFile(entry, 'utf8')).toContain(`\nExec=${path} --hidden\n`)
  })
})

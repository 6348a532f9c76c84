import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { listPackage } from '@electron/asar'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { startEmulator, type Emulator } from '#emulator/emulator'
import { environment } from '#test/app'
import { startProgram } from '#test/packed-app'

/** What `npm run dist -- --quick` has made. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const DIST = join(ROOT, 'dist')
const UNPACKED = join(DIST, 'linux-unpacked')
const INSPECTABLE = join(DIST, 'inspectable')
const ASAR = join(UNPACKED, 'resources/app.asar')
const MIB = 1024 ** 2

const made = readdirSync(DIST)
const fileOf = (ending: string): string => join(DIST, made.find((name) => name.endsWith(ending)) ?? '')
const ARCHIVE = fileOf('.tar.gz')
const DEB = fileOf('.deb')

/** As the program has it: the character 1. */
const ON = '1'.charCodeAt(0)

/** By name, whether it is on. */
async function fuses(program: string): Promise<Readonly<Record<string, boolean>>> {
  const wire = await getCurrentFuseWire(program)
  return Object.fromEntries(
    Object.entries(FuseV1Options)
      .filter(([, option]) => typeof option === 'number')
      .map(([name, option]) => [name, (wire[option as FuseV1Options] as number) === ON]),
  )
}

describe('fuses', () => {
  const SAFE = {
    // The command line of the package.
    RunAsNode: true,
    EnableCookieEncryption: true,
    EnableNodeOptionsEnvironmentVariable: false,
    EnableNodeCliInspectArguments: false,
    EnableEmbeddedAsarIntegrityValidation: true,
    OnlyLoadAppFromAsar: true,
    LoadBrowserProcessSpecificV8Snapshot: false,
  }
  test('of what is packaged are flipped', async () => {
    expect(await fuses(join(UNPACKED, 'pan123-sync'))).toMatchObject(SAFE)
  })
  test('of the one for tests differ by the inspector alone, and its name says so', async () => {
    const program = join(INSPECTABLE, 'pan123-sync-inspectable')
    expect(await fuses(program)).toMatchObject({ ...SAFE, EnableNodeCliInspectArguments: true })
    expect(made.filter((name) => /inspectable/u.test(name))).toEqual(['inspectable'])
  })
})

describe('what is packed', () => {
  const paths = listPackage(ASAR, { isPack: false }).map((path) => path.replaceAll('\\', '/'))
  const bytes = filesBelow(join(UNPACKED, 'resources')).map((file) => readFileSync(file, 'latin1'))

  test('is the program: no test, no emulator, no map, no type, no source', () => {
    expect(
      paths.filter((path) => /\.(?:map|ts|mts|cts|vue|md)$|\/(?:test|emulator|build)\b/u.test(path)),
    ).toEqual([
      '/node_modules/keytar/build',
      '/node_modules/keytar/build/Release',
      '/node_modules/keytar/build/Release/keytar.node',
    ])
  })
  test('has the native modules of this platform alone', () => {
    const native = paths.filter((path) => path.endsWith('.node'))
    expect(native).toHaveLength(3)
    expect(native.filter((path) => /musl|darwin|win32|arm64/u.test(path.replace('darwin-', '')))).toEqual(
      process.arch === 'arm64' ? native.filter((path) => path.includes('arm64')) : [],
    )
  })
  test.each([
    ['the emulator', /test\/emulator|#emulator/u],
    ['the folder it was built in', new RegExp(escaped(ROOT.replace(/\/$/u, '')) + '(?:/|")', 'u')],
    ['the home folder of who built it', new RegExp(`${escaped(homedir())}/[.\\w]`, 'u')],
    ['a token', /\beyJ[\w-]{10,}\.eyJ/u],
    ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----\s*\n[\w+/=]{20}/u],
  ])('names nothing of %s', (_, pattern) => {
    expect(bytes.flatMap((text) => pattern.exec(text)?.[0] ?? [])).toEqual([])
  })
})

describe('size, in MiB, which people download', () => {
  test.each([
    ['unpacked', () => sizeOf(UNPACKED), 245],
    ['our own part of it', () => statSync(ASAR).size + sizeOf(`${ASAR}.unpacked`), 10],
    ['tar.gz, hardly compressed', () => statSync(ARCHIVE).size, 115],
    ['deb, hardly compressed', () => statSync(DEB).size, 95],
  ])('%s', (name, size, budget) => {
    const mib = size() / MIB
    console.log(`${name}: ${mib.toFixed(1)} MiB of ${budget}`)
    expect(mib).toBeLessThan(budget)
  })
})

describe('the deb', () => {
  const list = execFileSync('dpkg-deb', ['--contents', DEB], { encoding: 'utf8' }).trim().split('\n')

  test('puts files under /opt and /usr alone, which all belong to root, and runs no script', () => {
    expect(list.filter((line) => !/ \.\/(?:$|opt\/|usr\/)/u.test(line))).toEqual([])
    expect(list.filter((line) => !line.includes(' root/root '))).toEqual([])
    const control = execFileSync('dpkg-deb', ['--ctrl-tarfile', DEB])
    const names = execFileSync('tar', ['--list'], { input: control, encoding: 'utf8' }).trim().split('\n')
    expect(names).toEqual(['./', './control'])
  })
  test('lets Chromium make its sandbox where a person may not, and nothing else runs as root', () => {
    expect(list.filter((line) => /^-..s|^-.....s/u.test(line)).map((line) => line.split(' ./')[1])).toEqual([
      'opt/pan123-sync/chrome-sandbox',
    ])
  })
})

describe('the tar.gz, unpacked under a path with spaces and Chinese characters', () => {
  let folder: string
  let app: string
  let emulator: Emulator
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "pan123 网盘 it's 新 "))
    execFileSync('tar', ['--extract', '--gzip', '--file', ARCHIVE, '--directory', folder])
    app = join(folder, readdirSync(folder)[0] ?? '')
    emulator = await startEmulator()
  })
  afterAll(async () => {
    await emulator.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const env = (data: string): Record<string, string> => ({
    PAN123_API_URL: emulator.url,
    PAN123_DATA_DIR: join(folder, data),
    PAN123_TOKEN: emulator.token,
  })

  test('starts, signed in, with its page', async () => {
    const program = await startProgram([join(app, 'pan123-sync')], env('数据'))
    onTestFinished(() => program.stop())
    const page = await program.page()
    await page.getByTestId('upload-button').first().waitFor()
  })
  test('has the command line, through a link to it as well', async () => {
    const link = join(folder, 'pan123')
    execFileSync('ln', ['-s', join(app, 'bin/pan123'), link])
    const file = join(folder, '文件 一.txt')
    writeFileSync(file, 'whole')
    await promisify(execFile)(link, ['upload', file, '--to', '/收'], {
      env: environment({ ...env('命令行'), LC_ALL: 'C.UTF-8' }),
    })
    expect(emulator.files().map(({ path }) => path)).toEqual(['/收/文件 一.txt'])
  })
  test('holds no more than the folder it is made of', () => {
    const relative = (root: string) =>
      filesBelow(root)
        .map((file) => file.slice(root.length))
        .sort()
    expect(relative(app)).toEqual(relative(UNPACKED))
  })
})

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

const sizeOf = (folder: string): number =>
  filesBelow(folder).reduce((sum, file) => sum + statSync(file).size, 0)

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/gu, '\\$&')
}

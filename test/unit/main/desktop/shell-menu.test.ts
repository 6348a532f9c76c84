import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { PersonalEntries } from '#main/desktop/linux-entries'
import { QuickActions } from '#main/desktop/quick-actions'
import { ShellMenu } from '#main/desktop/shell-menu'
import { ThunarFile } from '#main/desktop/thunar-entries'
import { tempFolder } from '#test/temp-folder'

const SYSTEM = '<?xml version="1.0"?>\n<actions>\n<action><name>Terminal</name></action>\n</actions>'

interface Setup {
  readonly by?: 'package' | 'person'
  readonly thunar?: boolean
  readonly python?: boolean
  readonly system?: string
}

/** A home of a test's own, and a menu for a program in it. */
function world({ by = 'person', thunar = true, python = true, system }: Setup = {}) {
  const home = tempFolder()
  const write = (path: string, text = ''): string => {
    mkdirSync(dirname(join(home, path)), { recursive: true })
    writeFileSync(join(home, path), text)
    return join(home, path)
  }
  if (system !== undefined) write('etc/Thunar/uca.xml', system)
  let offered = false
  const offer = { was: () => offered, remember: () => (offered = true) }
  const files = (): readonly string[] =>
    readdirSync(join(home, 'data'), { recursive: true, encoding: 'utf8' })
      .filter((name) => lstatSync(join(home, 'data', name)).isFile())
      .sort()
  return {
    home,
    write,
    files,
    offer,
    uca: join(home, 'config/Thunar/uca.xml'),
    menu: (program: string) =>
      new ShellMenu({
        by,
        program,
        entries: new PersonalEntries({
          dataHome: join(home, 'data'),
          language: () => 'zh-CN',
          hasNautilusPython: () => Promise.resolve(python),
        }),
        thunar: new ThunarFile({
          configHome: join(home, 'config'),
          configDirs: [join(home, 'etc')],
          isInstalled: () => Promise.resolve(thunar),
        }),
      }),
  }
}

describe('the switch for one person', () => {
  test('puts entries into all four file managers, and takes them out again', async () => {
    const { menu, write, files } = world()
    const app = menu(write('app'))
    expect(await app.get()).toEqual({ by: 'person', on: false, thunar: 'off' })
    expect(await app.set(true)).toEqual({ by: 'person', on: true, thunar: 'on' })
    expect(files()).toHaveLength(6)
    expect(await app.set(false)).toEqual({ by: 'person', on: false, thunar: 'off' })
    expect(files()).toEqual([])
  })

  test('gives Nautilus scripts where it has no Python, and leaves another script of the same name', async () => {
    const { menu, write, files } = world({ python: false })
    const app = menu(write('app'))
    const foreign = write('data/nautilus/scripts/Upload to 123pan', '#!/bin/sh\n')
    expect(await app.set(true)).toMatchObject({ on: true })
    expect(
      files()
        .filter((name) => name.includes('scripts'))
        .sort(),
    ).toEqual([
      'nautilus/scripts/Upload to 123pan',
      'nautilus/scripts/上传到 123云盘',
      'nautilus/scripts/上传到 123云盘…',
    ])
    await app.set(false)
    expect(files()).toEqual(['nautilus/scripts/Upload to 123pan'])
    expect(readFileSync(foreign, 'utf8')).toBe('#!/bin/sh\n')
  })

  test('tells what is there: a file that is gone, changed or cannot be run is no entry', async () => {
    const { menu, write, home } = world()
    const app = menu(write('app'))
    const service = join(home, 'data/kio/servicemenus/pan123-sync.desktop')
    for (const spoil of [
      () => unlinkSync(service),
      () => chmodSync(service, 0o644),
      () => writeFileSync(service, 'x'),
    ]) {
      await app.set(true)
      spoil()
      expect(await app.get()).toMatchObject({ on: false })
    }
  })

  test('is off for a program at another place', async () => {
    const { menu, write } = world()
    await menu(write('one')).set(true)
    expect(await menu(write('two')).get()).toEqual({ by: 'person', on: false, thunar: 'off' })
  })

  test('writes through no link', async () => {
    const { menu, write, home } = world()
    mkdirSync(join(home, 'elsewhere'))
    mkdirSync(join(home, 'data'))
    symlinkSync(join(home, 'elsewhere'), join(home, 'data/nemo'))
    await expect(menu(write('app')).set(true)).rejects.toMatchObject({ code: 'file-unwritable' })
    expect(readdirSync(join(home, 'elsewhere'))).toEqual([])
  })
})

describe('a start', () => {
  test('takes the entries along to where the AppImage was moved', async () => {
    const { menu, write, home, offer } = world()
    const old = write('old place/app')
    await menu(old).set(true)
    renameSync(old, join(home, 'new'))
    const moved = menu(join(home, 'new'))
    expect(await moved.get()).toEqual({ by: 'person', on: false, thunar: 'off' })
    await moved.start(offer)
    expect(await moved.get()).toEqual({ by: 'person', on: true, thunar: 'on' })
  })

  test('takes none from a program that is still there, and makes none where there were none', async () => {
    const { menu, write, offer, files } = world()
    const fresh = menu(write('fresh'))
    await fresh.start(offer)
    expect(await fresh.get()).toEqual({ by: 'person', on: false, thunar: 'off' })
    await menu(write('one')).set(true)
    const before = files()
    await fresh.start(offer)
    expect(await menu(write('one')).get()).toMatchObject({ on: true })
    expect(files()).toEqual(before)
  })

  test('of a package adds Thunar’s entries once: who takes them out is not given them again', async () => {
    const { menu, write, offer, uca } = world({ by: 'package', system: SYSTEM })
    const app = menu(write('app'))
    await app.start(offer)
    expect(await app.get()).toEqual({ by: 'package', thunar: 'on' })
    expect(readFileSync(uca, 'utf8')).toContain('<name>Terminal</name>')
    await app.set(false)
    // The system's file counts again.
    expect(existsSync(uca)).toBe(false)
    await app.start(offer)
    expect(await app.get()).toEqual({ by: 'package', thunar: 'off' })
  })

  test('of a package removes what an AppImage that is gone left in front of it', async () => {
    const { menu, write, offer, files, home } = world({ thunar: false })
    const image = write('image')
    await menu(image).set(true)
    rmSync(image)
    const dataHome = join(home, 'data')
    const packaged = new ShellMenu({
      by: 'package',
      program: write('app'),
      entries: new PersonalEntries({
        dataHome,
        language: () => 'en',
        hasNautilusPython: () => Promise.resolve(true),
      }),
      thunar: new ThunarFile({
        configHome: join(home, 'config'),
        configDirs: [],
        isInstalled: () => Promise.resolve(false),
      }),
    })
    await packaged.start(offer)
    expect(files()).toEqual([])
  })
})

describe('Thunar’s file', () => {
  test('of the person is otherwise what it was', async () => {
    const { menu, write, uca } = world()
    const own = '<actions><action><name>我的</name><command>a &amp; b</command></action></actions>'
    write('config/Thunar/uca.xml', own)
    const app = menu(write('app'))
    await app.set(true)
    expect(readFileSync(uca, 'utf8')).toContain('<name>我的</name><command>a &amp; b</command>')
    await app.set(false)
    expect(readFileSync(uca, 'utf8')).toBe(own)
  })

  test.each([
    ['cut off', '<actions><action>'],
    ['not text', Buffer.from([0xff, 0xfe, 0x3c])],
  ])('is left alone when it is %s', async (_, content) => {
    const { menu, write, uca } = world()
    write('config/Thunar/uca.xml')
    writeFileSync(uca, content)
    expect(await menu(write('app')).set(true)).toEqual({ by: 'person', on: true, thunar: 'damaged' })
    expect(readFileSync(uca)).toEqual(Buffer.from(content))
  })

  test('is left alone when it is a link', async () => {
    const { menu, write, uca } = world()
    const dotfile = write('dotfiles/uca.xml', SYSTEM)
    mkdirSync(dirname(uca), { recursive: true })
    symlinkSync(dotfile, uca)
    expect(await menu(write('app')).set(true)).toEqual({ by: 'person', on: true, thunar: 'linked' })
    expect(readFileSync(dotfile, 'utf8')).toBe(SYSTEM)
    expect(lstatSync(uca).isSymbolicLink()).toBe(true)
  })

  test('is not made where there is no Thunar', async () => {
    const { menu, write, uca } = world({ thunar: false })
    expect(await menu(write('app')).set(true)).toEqual({ by: 'person', on: true, thunar: 'none' })
    expect(existsSync(uca)).toBe(false)
  })
})

test('the Finder’s quick actions are copied whole, and removed without touching another’s', async () => {
  const home = tempFolder()
  const services = join(home, 'Library/Services')
  mkdirSync(join(services, 'Other.workflow'), { recursive: true })
  mkdirSync(join(home, 'app/One.workflow/Contents'), { recursive: true })
  writeFileSync(join(home, 'app/One.workflow/Contents/Info.plist'), 'x')
  const menu = new ShellMenu({ by: 'finder', actions: new QuickActions(join(home, 'app'), services) })
  expect(await menu.get()).toEqual({ by: 'person', on: false, thunar: 'none' })
  expect(await menu.set(true)).toMatchObject({ on: true })
  writeFileSync(join(services, 'One.workflow/Contents/Info.plist'), 'older')
  expect(await menu.get()).toMatchObject({ on: false })
  expect(await menu.set(true)).toMatchObject({ on: true })
  expect(await menu.set(false)).toMatchObject({ on: false })
  expect(readdirSync(services)).toEqual(['Other.workflow'])
})

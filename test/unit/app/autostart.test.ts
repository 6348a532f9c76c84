import { describe, expect, test } from 'vitest'
import { desktopEntry, execLine, readEntry, startCommand, stateOf, type Program } from '#app/autostart'

describe('a command line in an entry', () => {
  test.each([
    ['/usr/bin/pan123-sync', '/usr/bin/pan123-sync'],
    ['/opt/应用/pan123-sync', '/opt/应用/pan123-sync'],
    ['/opt/123pan Sync/a', '"/opt/123pan Sync/a"'],
    ['/a/100%', '/a/100%%'],
    ['/a b/100%', '"/a b/100%%"'],
    ['/a"b', String.raw`"/a\\"b"`],
    ['/a$b', String.raw`"/a\\$b"`],
    ['/a`b', '"/a\\\\`b"'],
    [String.raw`/a\b`, String.raw`"/a\\\\b"`],
    ['/a\nb', String.raw`"/a\nb"`],
    ["/it's", '"/it\'s"'],
    ['/~a', '"/~a"'],
    ['/a;b', '"/a;b"'],
    ['/a=b', '"/a=b"'],
  ])('%j is written so that it is one argument', (path, written) => {
    expect(execLine([path, '--hidden'])).toBe(`${written} --hidden`)
    expect(readEntry(desktopEntry([path, '--hidden']))).toEqual({
      argv: [path, '--hidden'],
      enabled: true,
    })
  })
})

test('an entry names the program by which a desktop sees whether it is still installed', () => {
  expect(desktopEntry(['/usr/bin/pan123-sync', '--hidden'])).toContain('\nTryExec=/usr/bin/pan123-sync\n')
  expect(desktopEntry(['/opt/123pan Sync/a'])).not.toContain('TryExec')
})

describe('an entry that others wrote', () => {
  const entry = (...lines: readonly string[]): string => ['[Desktop Entry]', ...lines].join('\n')
  test.each([
    ['without Exec', entry('Type=Application'), undefined],
    ['empty', '', undefined],
    ['with spaces round the sign', entry('Exec = /a'), { argv: ['/a'], enabled: true }],
    ['with field codes', entry('Exec=/a --x %U'), { argv: ['/a', '--x'], enabled: true }],
    ['hidden', entry('Exec=/a', 'Hidden=true'), { argv: ['/a'], enabled: false }],
    [
      'switched off in GNOME',
      entry('Exec=/a', 'X-GNOME-Autostart-enabled=false'),
      { argv: ['/a'], enabled: false },
    ],
    [
      'whose action has another Exec',
      entry('Exec=/a', '[Desktop Action x]', 'Exec=/b', 'Hidden=true'),
      { argv: ['/a'], enabled: true },
    ],
    ['with Windows’ line ends', '[Desktop Entry]\r\nExec=/a\r\n', { argv: ['/a'], enabled: true }],
  ])('%s', (_, text, read) => {
    expect(readEntry(text)).toEqual(read)
  })
})

test.each([
  ['no entry', undefined, false, { status: 'off' }],
  ['ours', { argv: ['/a'], enabled: true }, true, { status: 'on' }],
  [
    'one that starts another program',
    { argv: ['/a'], enabled: true },
    false,
    { status: 'off', why: 'moved' },
  ],
  ['one that is switched off', { argv: ['/a'], enabled: false }, true, { status: 'off', why: 'by-system' }],
] as const)('%s', (_, entry, isOurs, state) => {
  expect(stateOf(entry, isOurs)).toEqual(state)
})

describe('what is started', () => {
  const installed: Program = {
    execPath: '/opt/123pan Sync/pan123-sync',
    launcher: undefined,
    appImage: undefined,
    appPath: undefined,
  }
  test.each<[string, Partial<Program>, readonly string[]]>([
    ['the program itself', {}, ['/opt/123pan Sync/pan123-sync', '--hidden']],
    [
      'the package’s launcher, which stays where it is',
      { launcher: { path: '/usr/bin/pan123-sync', target: installed.execPath } },
      ['/usr/bin/pan123-sync', '--hidden'],
    ],
    [
      'not the launcher of another installation',
      { launcher: { path: '/usr/bin/pan123-sync', target: '/opt/else/pan123-sync' } },
      ['/opt/123pan Sync/pan123-sync', '--hidden'],
    ],
    [
      'the AppImage, not what is mounted while it runs',
      { execPath: '/tmp/.mount_x/pan123-sync', appImage: '/home/me/123 pan.AppImage' },
      ['/home/me/123 pan.AppImage', '--hidden'],
    ],
    [
      'Electron with the project',
      { execPath: '/e/electron', appPath: '/src/app' },
      ['/e/electron', '/src/app', '--hidden'],
    ],
  ])('is %s', (_, program, argv) => {
    expect(startCommand({ ...installed, ...program })).toEqual(argv)
  })
})

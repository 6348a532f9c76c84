import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

/**
 * The registry part of the Windows installer, on Debian: its macros in an installer of our own (package nsis), which Wine runs
 * (package wine64).
 */

const MENU = 'HKCU\\Software\\Classes'
const PLACES = [
  ['*', '%1'],
  ['Directory', '%1'],
  ['Directory\\Background', '%V'],
] as const

const script = (folder: string, language: number): string => `
Target amd64-unicode
!include LogicLib.nsh
!define APP_EXECUTABLE_FILENAME "123pan Sync.exe"
!include "${resolve('build/installer.nsh')}"
Name "123pan Sync"
OutFile "${folder}/setup-${language}.exe"
InstallDir "C:\\Program Files\\123pan Sync"
RequestExecutionLevel user
SilentInstall silent
SilentUnInstall silent
Section
  StrCpy $LANGUAGE ${language}
  SetOutPath "$INSTDIR"
  WriteUninstaller "$INSTDIR\\uninstall.exe"
  !insertmacro customInstall
SectionEnd
Section Uninstall
  !insertmacro customUnInstall
SectionEnd
`

let folder: string
let wineHome: string

function wine(...words: readonly string[]): string {
  const env = {
    ...process.env,
    WINEPREFIX: wineHome,
    WINEDLLOVERRIDES: 'mscoree,mshtml=',
    WINEDEBUG: '-all',
    LC_ALL: 'C.UTF-8',
  }
  return execFileSync('xvfb-run', ['-a', 'wine', ...words], {
    encoding: 'utf8',
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
}

/** Everything below the classes of this user, as Windows writes it out. */
function registry(): string {
  const file = join(folder, 'classes.reg')
  wine('reg', 'export', MENU, `Z:${file}`, '/y')
  return new TextDecoder('utf-16le').decode(readFileSync(file)).replaceAll('\r\n', '\n')
}

/** As a .reg file has it. */
const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`

function verb(place: string, name: string, label: string, option: string, placeholder: string): string {
  const key = `[HKEY_CURRENT_USER\\Software\\Classes\\${place}\\shell\\${name}`
  const program = '"C:\\Program Files\\123pan Sync\\123pan Sync.exe"'
  return [
    `${key}]`,
    `@=${quoted(label)}`,
    `"Icon"=${quoted(`${program},0`)}`,
    '"MultiSelectModel"="Player"',
    '',
    `${key}\\command]`,
    `@=${quoted(`${program} ${option} "${placeholder}"`)}`,
    '',
  ].join('\n')
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), '123pan-wine-'))
  wineHome = join(folder, 'wine')
  mkdirSync(wineHome)
  for (const language of [2052, 1033]) {
    const source = join(folder, `${language}.nsi`)
    // With its mark, as electron-builder has its script read as UTF-8.
    writeFileSync(source, `\ufeff${script(folder, language)}`)
    execFileSync('makensis', ['-V2', '-WX', '-INPUTCHARSET', 'UTF8', source], { stdio: 'inherit' })
  }
  wine('reg', 'add', `${MENU}\\*\\shell\\Neighbour\\command`, '/ve', '/d', 'neighbour.exe "%1"', '/f')
  wine('reg', 'add', `${MENU}\\Directory\\Background\\shell\\Neighbour`, '/ve', '/d', 'Neighbour', '/f')
})

afterAll(() => {
  // Wine's own server goes on for a while, in that folder.
  wine('wineboot', '--kill')
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

test.each([
  [2052, '上传到 123云盘', '上传到 123云盘…'],
  [1033, 'Upload to 123pan', 'Upload to 123pan…'],
])(
  'the installer (language %i) makes its verbs, and the uninstaller removes them and nothing else',
  (language, upload, uploadTo) => {
    const before = registry()
    expect(before).toContain('neighbour.exe')

    wine(join(folder, `setup-${language}.exe`), '/S')
    const installed = registry()
    for (const [place, placeholder] of PLACES) {
      expect(installed).toContain(verb(place, '123panSyncUpload', upload, '--upload', placeholder))
      expect(installed).toContain(verb(place, '123panSyncUploadTo', uploadTo, '--upload-to', placeholder))
    }
    expect(installed.match(/123panSync/gu)).toHaveLength(12)

    // In place: it would go on by itself in a copy, and nobody could wait for that.
    wine(
      join(wineHome, 'drive_c/Program Files/123pan Sync/uninstall.exe'),
      '/S',
      '_?=C:\\Program Files\\123pan Sync',
    )
    const left = registry()
    expect(left).not.toContain('123pan')
    expect(left.match(/Neighbour/gu)).toEqual(before.match(/Neighbour/gu))
    // Written anew with nothing in them: the folders of verbs may stay where there were none.
    expect(left.split('\n').filter((line) => line.includes('='))).toEqual(
      before.split('\n').filter((line) => line.includes('=')),
    )
  },
)

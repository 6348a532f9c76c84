import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { menuFiles, nautilusScripts, programOf, type MenuFile } from '#app/shell-menu/linux'
import { fakeProgram, ODD_NAMES, ODD_PATH } from '#test/fake-program'
import { tempFolder } from '#test/temp-folder'

/** Debian's own: it has gi, where another Python may not. */
const PYTHON = '/usr/bin/python3'
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')
const uriOf = (path: string): string =>
  `file://${[...bytes(path)].map((byte) => (/[\w./'&()$-]/u.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `%${byte.toString(16).padStart(2, '0').toUpperCase()}`)).join('')}`

const PATHS = ODD_NAMES.map((name) => `/home/li/${name}`)
const MANY = Array.from(
  { length: 200 },
  (_, at) => `/home/li/${String(at).repeat(40)} ${ODD_NAMES[at % ODD_NAMES.length] ?? ''}`,
)

function install(folder: string, files: readonly MenuFile[]): (ending: string) => string {
  for (const { path, text, executable } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
    if (executable) chmodSync(join(folder, path), 0o755)
  }
  return (ending) => {
    const found = files.find(({ path }) => path.endsWith(ending))
    if (!found) throw new Error(`No ${ending}`)
    return join(folder, found.path)
  }
}

function gi(script: string, args: readonly string[]): string {
  return execFileSync(PYTHON, ['-c', script, ...args], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  })
}

describe.each([
  ['the files that are selected', PATHS],
  ['200 of them, in one call', MANY],
])('%s reach the program, by a path as odd as can be,', (_, paths) => {
  test.each(['上传到 123云盘', 'Upload to 123pan…'])('from the Nautilus script %s', async (label) => {
    const folder = tempFolder()
    const program = fakeProgram(join(folder, ODD_PATH))
    const scripts = [...nautilusScripts(program.path, 'zh-CN'), ...nautilusScripts(program.path, 'en')]
    const script = install(folder, scripts)(`/${label}`)
    const env = {
      ...process.env,
      NAUTILUS_SCRIPT_SELECTED_URIS: paths.map((path) => `${uriOf(path)}\n`).join(''),
    }
    expect(spawnSync(script, { env }).status).toBe(0)
    expect(await program.calls(1)).toEqual([[label.endsWith('…') ? '--upload-to' : '--upload', ...paths]])
  })

  test('from the Nautilus extension', async () => {
    const folder = tempFolder()
    const program = fakeProgram(join(folder, ODD_PATH))
    const extension = install(folder, menuFiles(program.path, folder))('.py')
    const labels = gi(
      `
import importlib.util, json, sys, types
from gi.repository import Gio, GObject
import gi.repository
class MenuItem:
    def __init__(self, **fields): self.__dict__.update(fields)
    def connect(self, signal, callback): self.callback = callback
class File:
    def __init__(self, uri): self.uri = uri
    def get_location(self): return Gio.File.new_for_uri(self.uri)
stub = types.ModuleType("gi.repository.Nautilus")
stub.MenuItem = MenuItem
stub.MenuProvider = type("MenuProvider", (), {})
sys.modules["gi.repository.Nautilus"] = gi.repository.Nautilus = stub
spec = importlib.util.spec_from_file_location("extension", sys.argv[1])
extension = importlib.util.module_from_spec(spec)
spec.loader.exec_module(extension)
menu = extension.Pan123SyncMenu()
files = [File(uri) for uri in json.loads(sys.argv[2])]
labels = []
for language in ("zh_CN:en", "de_DE"):
    extension.os.environ["LANGUAGE"] = language
    items = menu.get_file_items(files)
    labels += [item.label for item in items]
menu.get_file_items(None, files)[1].callback(None)
assert menu.get_file_items([File("trash:///a")]) == []
print(json.dumps(labels))
`,
      [extension, JSON.stringify(paths.map(uriOf))],
    )
    expect(JSON.parse(labels)).toEqual([
      '上传到 123云盘',
      '上传到 123云盘…',
      'Upload to 123pan',
      'Upload to 123pan…',
    ])
    expect(await program.calls(1)).toEqual([['--upload-to', ...paths]])
  })

  test('from Nemo, which splits the line and quotes each URI', async () => {
    const folder = join(tempFolder(), 'it\'s "my" $HOME \\ ü')
    const program = fakeProgram(join(folder, ODD_PATH))
    const action = install(folder, menuFiles(program.path, folder))('upload.nemo_action')
    gi(
      `
import json, sys
from gi.repository import GLib
keys = GLib.KeyFile()
keys.load_from_file(sys.argv[1], GLib.KeyFileFlags.KEEP_TRANSLATIONS)
line = keys.get_string("Nemo Action", "Exec")
assert keys.get_locale_string("Nemo Action", "Name", "zh_CN") == "上传到 123云盘"
assert keys.get_locale_string("Nemo Action", "Name", "de") == "Upload to 123pan"
line = line.replace("%U", " ".join('"%s"' % uri for uri in json.loads(sys.argv[2])))
assert line.index("%") > line.index("file://")
GLib.spawn_command_line_sync(line)
`,
      [action, JSON.stringify(paths.map(uriOf))],
    )
    expect(await program.calls(1)).toEqual([['--upload', ...paths]])
  })

  test('from Dolphin, by the rules of desktop entries', async () => {
    const folder = tempFolder()
    // GLib looks for a program before it has undoubled its percent signs; KDE does not.
    const program = fakeProgram(join(folder, ODD_PATH.replace('%', '')))
    const menu = install(folder, menuFiles(program.path, folder))('.desktop')
    gi(
      `
import json, sys
from gi.repository import Gio, GLib
keys = GLib.KeyFile()
keys.load_from_file(sys.argv[1], GLib.KeyFileFlags.KEEP_TRANSLATIONS)
assert keys.get_locale_string("Desktop Action upload-to", "Name", "zh_CN") == "上传到 123云盘…"
assert [a for a in keys.get_string("Desktop Entry", "Actions").split(";") if a] == ["upload", "upload-to"]
application = GLib.KeyFile()
for key, value in (("Type", "Application"), ("Name", "test"), ("Exec", keys.get_value("Desktop Action upload-to", "Exec"))):
    application.set_value("Desktop Entry", key, value)
info = Gio.DesktopAppInfo.new_from_keyfile(application)
info.launch([Gio.File.new_for_uri(uri) for uri in json.loads(sys.argv[2])], None)
`,
      [menu, JSON.stringify(paths.map(uriOf))],
    )
    expect(await program.calls(1)).toEqual([['--upload-to', ...paths]])
  })
})

test('a percent sign in the program’s path is doubled for Dolphin', () => {
  const menu = menuFiles('/a%F', '/usr/share').find(({ path }) => path.startsWith('kio/'))
  expect(menu?.text).toContain('\nExec="/a%%F" --upload %F\n')
})

test('the program that entries call can be read from them', () => {
  const path = `/${ODD_PATH}`
  expect(menuFiles(path, '/usr/share').flatMap(({ text }) => programOf(text) ?? [])).toEqual([path])
})

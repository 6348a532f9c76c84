import { menuLabels, type MenuEntry } from '../words/shell-menu.ts'
import type { Language } from '../words/explain.ts'
import { execWord, nemoExecWord, pythonString, shellWord } from './quoting.ts'

/**
 * The entries in the menus of Linux file managers, as files below a data folder (`/usr/share`, `~/.local/share`): written for all users by
 * build/shell-menu.mjs, for one by main/desktop/shell-menu.ts. Thunar keeps its entries in a file of the person's: ./thunar.ts.
 */

export interface MenuFile {
  /** Below the data folder. */
  readonly path: string
  readonly text: string
  readonly executable: boolean
}

export const MENU_ENTRIES: readonly MenuEntry[] = ['upload', 'upload-to']

/** In the icon theme, where the app is installed by a package. */
const ICON = 'pan123-sync'
const NAME = 'pan123-sync'

/** Nautilus where it has Python (python3-nautilus), Nemo, Dolphin. */
export function menuFiles(program: string, dataFolder: string): readonly MenuFile[] {
  return [
    { path: NAUTILUS_EXTENSION, text: nautilusExtension(program), executable: false },
    ...MENU_ENTRIES.flatMap((entry) => nemoAction(entry, program, dataFolder)),
    // KDE runs none that is not executable.
    { path: `kio/servicemenus/${NAME}.desktop`, text: serviceMenu(program), executable: true },
  ]
}

/** For Nautilus without Python: in its submenu of scripts, where the file's name is the entry's. */
export function nautilusScripts(program: string, language: Language): readonly MenuFile[] {
  return MENU_ENTRIES.map((entry) => ({
    path: `nautilus/scripts/${menuLabels[entry][language]}`,
    text: uriScript(program, entry, '"$NAUTILUS_SCRIPT_SELECTED_URIS"'),
    executable: true,
  }))
}

const NAUTILUS_EXTENSION = `nautilus-python/extensions/${NAME.replaceAll('-', '_')}.py`

/** Which program the entries below a data folder call, by their Nautilus extension. */
export const programFile = NAUTILUS_EXTENSION
export function programOf(extension: string): string | undefined {
  const literal = /^PROGRAM = (".*")$/mu.exec(extension)?.[1]
  try {
    return literal === undefined ? undefined : String(JSON.parse(literal))
  } catch {
    return undefined
  }
}

/** Chinese for every Chinese locale: it is the one we have. */
function localised(key: string, words: Readonly<Record<Language, string>>): string {
  return `${key}=${words.en}\n${key}[zh]=${words['zh-CN']}\n${key}[zh_CN]=${words['zh-CN']}`
}

/** Nemo quotes no path right that has a quote or a backslash in it, but a URI has neither: a script makes paths of them. */
function nemoAction(entry: MenuEntry, program: string, dataFolder: string): readonly MenuFile[] {
  // Their order in the menu is that of their files' names.
  const file = `nemo/actions/${NAME}-${MENU_ENTRIES.indexOf(entry) + 1}-${entry}`
  const script = `${file}.sh`
  const action = `[Nemo Action]
${localised('Name', menuLabels[entry])}
Exec=${nemoExecWord(`${dataFolder}/${script}`)} %U
Icon-Name=${ICON}
Selection=notnone
Extensions=any;
Quote=double
`
  return [
    { path: `${file}.nemo_action`, text: action, executable: false },
    { path: script, text: uriScript(program, entry, '"$@"'), executable: true },
  ]
}

function serviceMenu(program: string): string {
  const actions = MENU_ENTRIES.map(
    (entry) => `
[Desktop Action ${entry}]
${localised('Name', menuLabels[entry])}
Icon=${ICON}
Exec=${execWord(program)} --${entry} %F
`,
  )
  return `[Desktop Entry]
Type=Service
MimeType=all/all;
Actions=${MENU_ENTRIES.join(';')};
X-KDE-Priority=TopLevel
X-KDE-Protocols=file
${actions.join('')}`
}

/**
 * Calls the program once with all that `uris` names. A list of paths could not tell a name with a line break from two names; in a URI it
 * is a code. awk writes each path as a quoted word of sh, byte by byte: a name need not be text.
 */
function uriScript(program: string, entry: MenuEntry, uris: string): string {
  return `#!/bin/sh
words=$(printf '%s\\n' ${uris} | LC_ALL=C awk '
BEGIN {
  quote = sprintf("%c", 39)
  for (code = 1; code < 256; code++) byte[sprintf("%02X", code)] = sprintf("%c", code)
  byte["27"] = quote "\\\\" quote quote
}
$0 != "" {
  coded = sub(/^file:\\/\\//, "") ? "%[0-9A-Fa-f][0-9A-Fa-f]|" quote : quote
  path = ""
  while (match($0, coded)) {
    found = substr($0, RSTART, RLENGTH)
    path = path substr($0, 1, RSTART - 1) byte[found == quote ? "27" : toupper(substr(found, 2))]
    $0 = substr($0, RSTART + RLENGTH)
  }
  printf " %s%s%s", quote, path $0, quote
}')
eval "set -- $words"
exec ${shellWord(program)} --${entry} "$@"
`
}

function nautilusExtension(program: string): string {
  const labels = MENU_ENTRIES.map(
    (entry) =>
      `    (${pythonString(entry)}, ${pythonString(menuLabels[entry].en)}, ${pythonString(menuLabels[entry]['zh-CN'])}),`,
  )
  return `import os
import subprocess

from gi.repository import GObject, Nautilus

PROGRAM = ${pythonString(program)}
ICON = ${pythonString(ICON)}
ENTRIES = (
${labels.join('\n')}
)


def is_chinese():
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return os.environ[name].startswith("zh")
    return False


def launch(entry, paths):
    """One call for all of them; more only where they are longer than a command line can be."""
    most = os.sysconf("SC_ARG_MAX") // 2
    call, length = [], 0
    for path in map(os.fsencode, paths):
        # Beside its bytes each costs a zero and a pointer.
        cost = len(path) + 9
        if call and length + cost > most:
            start(entry, call)
            call, length = [], 0
        call.append(path)
        length += cost
    start(entry, call)


def start(entry, paths):
    subprocess.Popen([PROGRAM, "--" + entry, *paths], stdin=subprocess.DEVNULL, start_new_session=True)


class Pan123SyncMenu(GObject.GObject, Nautilus.MenuProvider):
    # Nautilus 43 gives the files alone, older ones the window before them.
    def get_file_items(self, *arguments):
        paths = [file.get_location().get_path() for file in arguments[-1]]
        if not paths or None in paths or not os.access(PROGRAM, os.X_OK):
            return []
        items = []
        for entry, english, chinese in ENTRIES:
            label = chinese if is_chinese() else english
            item = Nautilus.MenuItem(name="Pan123Sync::" + entry, label=label, icon=ICON)
            item.connect("activate", lambda _, entry=entry: launch(entry, paths))
            items.append(item)
        return items

    def get_background_items(self, *_):
        return []
`
}

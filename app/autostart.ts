/** Whether the program starts when the person logs in, as the system has it. */
export type Autostart =
  | { readonly status: 'on' }
  /** `moved`: what is to be started is not there, or is another program. `by-system`: switched off in the system's own settings. */
  | { readonly status: 'off'; readonly why?: 'moved' | 'by-system' }
  /** macOS: the person has yet to allow it in the System Settings. */
  | { readonly status: 'needs-approval' }
  | { readonly status: 'unavailable'; readonly why: 'development' }

/** The file in a desktop's autostart folder, and no other. */
export const ENTRY_FILE = 'pan123-sync.desktop'

/**
 * The specification allows no equals sign in a program's path, and GLib looks for a path with a percent sign under its doubled one:
 * a shell starts these.
 */
const THROUGH_SHELL: readonly string[] = ['/bin/sh', '-c', 'exec "$0" "$@"']

/** An XDG autostart entry that starts this; one whose program is gone, because it was uninstalled, the desktop passes over. */
export function desktopEntry(argv: readonly string[]): string {
  const [program = ''] = argv
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Version=1.0',
    'Name=123pan Sync',
    'Name[zh_CN]=123pan Sync',
    'Comment=Uploads files to 123pan and keeps folders in sync',
    'Comment[zh_CN]=把文件上传到 123云盘，并保持文件夹同步',
    'Icon=pan123-sync',
    // Desktops differ in what they make of unusual paths here, and a wrong one would keep the program from starting.
    ...(/^\/[\w./-]+$/u.test(program) ? [`TryExec=${program}`] : []),
    `Exec=${execLine(/[%=]/u.test(argv[0] ?? '') ? [...THROUGH_SHELL, ...argv] : argv)}`,
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n')
}

/**
 * A command line as the Desktop Entry Specification has it: an argument with anything special stands in quotes, in which four characters
 * are escaped; a percent sign is doubled; and all of it is a string of the file, where a backslash is doubled once more.
 */
export function execLine(argv: readonly string[]): string {
  const quoted = argv.map((argument) => {
    const percents = argument.replaceAll('%', '%%')
    return /^[\w@%+:,./\-\u0080-\u{10FFFF}]+$/u.test(argument)
      ? percents
      : `"${percents.replaceAll(/["`$\\]/gu, String.raw`\$&`)}"`
  })
  return quoted
    .join(' ')
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('\r', String.raw`\r`)
    .replaceAll('\t', String.raw`\t`)
}

/** What an entry says; undefined where it is none that starts anything. */
export interface StartEntry {
  readonly argv: readonly string[]
  /** Neither hidden nor switched off by the desktop's own settings. */
  readonly enabled: boolean
}

export function readEntry(text: string): StartEntry | undefined {
  const keys = new Map<string, string>()
  let inEntry = false
  for (const line of text.split(/\r?\n/u)) {
    if (line.startsWith('[')) inEntry = line.trim() === '[Desktop Entry]'
    const [, key, value] = /^([\w-]+)\s*=\s*(.*)$/u.exec(line) ?? []
    if (inEntry && key !== undefined && value !== undefined) keys.set(key, value)
  }
  const whole = readExec(keys.get('Exec') ?? '')
  const isThrough = THROUGH_SHELL.every((part, at) => whole[at] === part)
  const argv = isThrough ? whole.slice(THROUGH_SHELL.length) : whole
  if (argv.length === 0) return undefined
  const isTrue = (key: string): boolean => keys.get(key)?.trim() === 'true'
  const switchedOff = keys.get('X-GNOME-Autostart-enabled')?.trim() === 'false'
  return { argv, enabled: !isTrue('Hidden') && !switchedOff }
}

const STRING_ESCAPES: Readonly<Record<string, string>> = { s: ' ', n: '\n', t: '\t', r: '\r', '\\': '\\' }

/** The arguments of an Exec line, without its field codes. */
function readExec(value: string): readonly string[] {
  const line = value.replaceAll(/\\(.)/gu, (whole, char: string) => STRING_ESCAPES[char] ?? whole)
  const argv: string[] = []
  for (const [word] of line.matchAll(/(?:"(?:\\[^]|[^"\\])*"|\\[^]|[^\s"\\])+/gu)) {
    const plain = word
      .replaceAll(/"((?:\\[^]|[^"\\])*)"/gu, (_, inside: string) => inside)
      .replaceAll(/\\([^])/gu, '$1')
    if (/^%[a-zA-Z]$/u.test(plain)) continue
    argv.push(plain.replaceAll('%%', '%'))
  }
  return argv
}

/**
 * What an entry means for this program. `isOurs`: what it starts is this very program; two paths may lead to one.
 */
export function stateOf(entry: StartEntry | undefined, isOurs: boolean): Autostart {
  if (!entry) return { status: 'off' }
  if (!entry.enabled) return { status: 'off', why: 'by-system' }
  return isOurs ? { status: 'on' } : { status: 'off', why: 'moved' }
}

export interface Program {
  readonly execPath: string
  /** Where the package's launcher leads to, if there is one. */
  readonly launcher: { readonly path: string; readonly target: string } | undefined
  /** The AppImage that this program runs from; its own path is gone after it has ended. */
  readonly appImage: string | undefined
  /** Of a program that is not packed: what Electron is to run. */
  readonly appPath: string | undefined
}

/** How the program is to be started, so that it still is after an update. */
export function startCommand({ execPath, launcher, appImage, appPath }: Program): readonly string[] {
  if (appPath !== undefined) return [execPath, appPath, '--hidden']
  if (appImage !== undefined) return [appImage, '--hidden']
  return [launcher?.target === execPath ? launcher.path : execPath, '--hidden']
}

/** Packages for Linux that the system's own tools make of the unpacked app: tar.gz and deb. */
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { writeShellMenu } from '../shell-menu.mjs'
import { ROOT, Told, run } from '../support/process.mjs'
import { ICON_FOLDER, LINUX_SIZES } from './icons.mjs'

/** Debian's names for what Electron links; from Debian 13 and Ubuntu 24.04 on some have another one. */
const DEPENDS = [
  'libgtk-3-0 | libgtk-3-0t64',
  'libnss3',
  'libgbm1',
  'libasound2 | libasound2t64',
  'libatspi2.0-0 | libatspi2.0-0t64',
  'libsecret-1-0',
  'libnotify4',
  'libxss1',
  'libxtst6',
  'xdg-utils',
]
const RECOMMENDS = ['gnome-keyring | kwalletmanager', 'libglib2.0-bin', 'dbus-bin | dbus', 'python3-nautilus']

const DESCRIPTION = `Uploads files and folders to 123pan (123云盘), and keeps folders in step
 Files arrive whole: each is compared by its MD5. Interrupted uploads go on
 where they were, folders are kept in step from the tray, and the file
 manager's menu has an entry for it. pan123 is the same on a command line.`

/** @typedef {{ name: string, version: string, arch: string, unpacked: string, out: string, quick: boolean }} Order `quick`: bigger, and sooner there. */

/** @param {Order} order @returns {Promise<string>} The file it made. */
export async function makeArchive({ name, version, arch, unpacked, out, quick }) {
  const folder = `${name}-${version}-linux-${arch}`
  const file = join(out, `${folder}.tar.gz`)
  await must('tar', [
    ...['--create', '--owner=0', '--group=0', '--sort=name', '--file', file],
    ...['--use-compress-program', quick ? 'gzip -1' : 'gzip -9'],
    ...['--transform', `s,^\\./,${folder}/,S`, '--directory', unpacked, './'],
  ])
  return file
}

/** @param {Order} order @returns {Promise<string>} The file it made. */
export async function makeDeb({ name, version, arch, unpacked, out, quick }) {
  const debArch = { x64: 'amd64', arm64: 'arm64' }[arch]
  if (!debArch) throw new Told(`dist: Debian has no name for ${arch}.`)
  const file = join(out, `${name}_${version}_${debArch}.deb`)
  const root = mkdtempSync(join(tmpdir(), 'pan123-deb-'))
  try {
    await fill(root, name, unpacked)
    const size = Number(spawnSync('du', ['-sk', root], { encoding: 'utf8' }).stdout.split('\t')[0])
    mkdirSync(join(root, 'DEBIAN'))
    writeFileSync(join(root, 'DEBIAN/control'), control({ name, version, debArch, size }))
    const compression = quick ? ['-Zxz', '-z0'] : ['-Zxz', '-z6']
    await must('dpkg-deb', ['--root-owner-group', ...compression, '--build', root, file])
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
  return file
}

/** Lays the app out as it is when the package is installed. No script runs then: all it takes is files. */
async function fill(/** @type {string} */ root, /** @type {string} */ name, /** @type {string} */ unpacked) {
  // mkdtemp's folder is for us alone.
  chmodSync(root, 0o755)
  const app = join(root, 'opt', name)
  cpSync(unpacked, app, { recursive: true, verbatimSymlinks: true })
  // Where the kernel gives an ordinary user no namespace, Chromium makes its sandbox with this.
  chmodSync(join(app, 'chrome-sandbox'), 0o4755)
  // By it the updater knows what it replaces.
  writeFileSync(join(app, 'resources/package-type'), 'deb')
  const files = {
    [`usr/share/applications/${name}.desktop`]: desktopEntry(name),
    [`usr/share/doc/${name}/copyright`]: readFileSync(join(ROOT, 'LICENSE'), 'utf8'),
  }
  for (const [path, text] of Object.entries(files)) write(join(root, path), text)
  for (const size of LINUX_SIZES)
    write(
      join(root, `usr/share/icons/hicolor/${size}x${size}/apps/${name}.png`),
      readFileSync(join(ICON_FOLDER, `${size}x${size}.png`)),
    )
  write(
    join(root, `usr/share/icons/hicolor/scalable/apps/${name}.svg`),
    readFileSync(join(ROOT, 'build/icon.svg')),
  )
  mkdirSync(join(root, 'usr/bin'))
  symlinkSync(`/opt/${name}/${name}`, join(root, 'usr/bin', name))
  symlinkSync(`/opt/${name}/bin/pan123`, join(root, 'usr/bin/pan123'))
  await writeShellMenu(root, `/usr/bin/${name}`)
}

/** @param {{ name: string, version: string, debArch: string, size: number }} facts */
function control({ name, version, debArch, size }) {
  return `Package: ${name}
Version: ${version.replace('-', '~')}
Architecture: ${debArch}
Maintainer: 123pan Sync contributors <noreply@pan123sync.invalid>
Installed-Size: ${size}
Depends: ${DEPENDS.join(', ')}
Recommends: ${RECOMMENDS.join(', ')}
Section: net
Priority: optional
Description: ${DESCRIPTION}
`
}

/** @param {string} name */
function desktopEntry(name) {
  return `[Desktop Entry]
Type=Application
Name=123pan Sync
Comment=Upload files and folders to 123pan, and keep folders in step
Comment[zh_CN]=上传文件和文件夹到 123云盘，并让文件夹保持同步
Exec=/usr/bin/${name}
Icon=${name}
Terminal=false
Categories=Network;FileTransfer;
Keywords=123pan;123云盘;云盘;上传;同步;upload;sync;
StartupNotify=true
StartupWMClass=123pan Sync
`
}

/** @param {string} file @param {string | Buffer} content */
function write(file, content) {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, content)
  // Whatever the umask of who packs.
  chmodSync(file, 0o644)
}

/** @param {string} command @param {readonly string[]} args */
async function must(command, args) {
  const { code, output } = await run(command, args, { capture: true })
  if (code !== 0) throw new Told(`dist: ${basename(command)} failed (exit code ${code}): ${output.trim()}`)
}

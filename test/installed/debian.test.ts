import { copyFileSync, readdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { startEmulator, type Emulator } from '#emulator/emulator'
import { noDebianMachine, startDebianMachine, type DebianMachine } from '#test/debian-machine'
import { DebianScreen } from '#test/debian-screen'
import { makeDebLike, startProgram } from '#test/packed-app'
import { startTrayHost } from '#test/tray-host'
import { startUpdateFeed } from '#test/update-feed'

/** A person's way with the deb, on a Debian that has never seen the project: each test goes on from the one before. */

const DIST = fileURLToPath(new URL('../../dist', import.meta.url))
const DEB = join(DIST, readdirSync(DIST).find((name) => name.endsWith('.deb')) ?? '')
/** The file manager, and what looks at the screen and holds the tray. */
const PACKAGES = ['thunar', 'imagemagick', 'python3-dbus', 'python3-gi', 'polkitd', 'pkexec', 'dbus']
const HOME = '/home/person'
const WAIT = { timeout: 30_000, interval: 100 }

/** Where a person clicks, in Thunar's window and in ours, as they are when they open. */
const FIRST_FILE = '225 140'
const SETTINGS = '60 240'
const START_AT_LOGIN = '1020 405'
const VERSION = "dpkg-query --show --showformat='${Version}' pan123-sync; echo"
const THE_WINDOW = "xdotool search --onlyvisible --name '123pan Sync'"

/** A new machine takes half a minute, on a busy host more than two. */
const MAKING_MS = 280_000
const TELLING = noDebianMachine()

describe.skipIf(TELLING)(`the deb on a Debian of its own${TELLING ? ` (not here: ${TELLING})` : ''}`, () => {
  let machine: DebianMachine
  let made: DebianMachine | undefined
  let screen: DebianScreen
  let emulator: Emulator
  let before: ReadonlySet<string>

  beforeAll(async () => {
    emulator = await startEmulator()
    machine = made = await startDebianMachine(PACKAGES)
    screen = new DebianScreen(machine)
    // As if they had given their password each time that the system asks for it.
    const rule = `polkit.addRule(function (action, subject) { if (subject.user == 'person') return polkit.Result.YES })`
    await machine.asRoot(`echo "${rule}" >/etc/polkit-1/rules.d/10-person.rules`)
    await machine.asRoot('mkdir -p /run/dbus; dbus-daemon --system --fork')
    copyFileSync(DEB, `${machine.root}${HOME}/${basename(DEB)}`)
  }, MAKING_MS)
  afterAll(async () => {
    await made?.remove()
    await emulator.close()
  })

  /** All files but people's, and but what apt and dpkg keep for themselves. */
  async function systemFiles(): Promise<ReadonlySet<string>> {
    const own = ['/home', '/mnt', '/var/lib/apt', '/var/lib/dpkg', '/var/cache', '/var/log']
    const pruned = own.map((path) => `-path ${path}`).join(' -o ')
    const listed = await machine.asRoot(`find / -xdev \\( ${pruned} \\) -prune -o -print0`)
    return new Set(listed.split('\0'))
  }
  const sent = () => emulator.files().map(({ path }) => path)
  const logIn = () => machine.logIn({ PAN123_API_URL: emulator.url })

  test('is installed by apt, with all that it needs', async () => {
    // First what comes with it, which is Debian's and stays: so that what it adds itself can be told from that.
    const needed = await machine.asRoot(`dpkg-deb --field ${HOME}/*.deb Depends Recommends`)
    const wanted = [...needed.matchAll(/^[A-Z]\w+: (.+)$/gmu)].map(([, names]) => names).join(', ')
    await machine.asRoot(`apt-get satisfy --yes '${wanted}'`)
    before = await systemFiles()
    await machine.asRoot(`apt-get install --yes ${HOME}/*.deb`)
    const missing = await machine.asRoot('ldd /opt/pan123-sync/pan123-sync | grep "not found" || true')
    expect(missing).toBe('')
    expect(await machine.asPerson('pan123 --help')).toContain('pan123 upload')
  })

  test('starts from its menu entry, signs in by keyboard, and takes a first folder', async () => {
    await logIn()
    await machine.asPerson('mkdir photos; echo one >photos/一.txt')
    await screen.after('gio launch /usr/share/applications/pan123-sync.desktop >/tmp/log 2>&1')
    await screen.after(`xdotool type ${emulator.clientID}`)
    await screen.after(`xdotool key Tab type ${emulator.clientSecret}`)
    await screen.after('xdotool key Return')
    await screen.picture('debian-signed-in')
    // The system's dialog for a folder: a slash lets a path be typed.
    await screen.after('xdotool key Return')
    await screen.after('xdotool type /')
    await screen.after(`xdotool type ${HOME.slice(1)}/photos/`)
    await screen.after('xdotool key Return')
    await screen.picture('debian-first-folder')
    await screen.after('xdotool key Return')
    await expect.poll(sent, WAIT).toEqual(['/photos/一.txt'])
  })

  test('uploads what is selected by the menu of a file manager', async () => {
    await machine.asPerson("mkdir to-send; echo a >'to-send/报告 一 %1.txt'; echo b >to-send/b.txt")
    await screen.after('thunar to-send >/dev/null 2>&1 &')
    await screen.after('xdotool key ctrl+a')
    await screen.after(
      `xdotool search --onlyvisible --class thunar mousemove --window %1 ${FIRST_FILE} click 3`,
    )
    await screen.picture('debian-file-manager')
    // From the end: properties, with a choice of folder, without one.
    await screen.after('xdotool key Up Up Up Return')
    await expect.poll(() => sent().sort(), WAIT).toEqual(['/b.txt', '/photos/一.txt', '/报告 一 %1.txt'])
  })

  test('starts with the next session, in the tray alone, and keeps the folder in step', async () => {
    await screen.after(`${THE_WINDOW} windowactivate --sync mousemove --window %1 ${SETTINGS} click 1`)
    await screen.after(`${THE_WINDOW} mousemove --window %1 ${START_AT_LOGIN} click 1`)
    await screen.picture('debian-settings')
    await machine.logOut()
    await logIn()
    const tray = await startTrayHost((file) => machine.personCommand('python3', ['-B', `/mnt/${file}`]))
    await machine.asPerson('gio launch .config/autostart/*.desktop >/tmp/log 2>&1')
    await expect.poll(() => tray.count(), WAIT).toBe(1)
    await expect.poll(async () => (await tray.read()).tooltip, WAIT).toMatch(/^文件夹已全部同步/u)
    await machine.asPerson('echo two >photos/二.txt')
    await expect.poll(sent, WAIT).toContain('/photos/二.txt')
    expect(await machine.asPerson(`${THE_WINDOW} || true`)).toBe('')
    await tray.activate()
    await expect.poll(() => machine.asPerson(`${THE_WINDOW} || true`), WAIT).not.toBe('')
    await machine.logOut()
    await tray.close()
    // A session that ends is no crash.
    const told = 'grep -rl \'"kind": "ended"\' .local/share/123pan-sync/crashes || true'
    expect(await machine.asPerson(told)).toBe('')
  })

  test('is updated by its own feed, with the rights of the system’s dialog for them, and goes on', async () => {
    const feed = await startUpdateFeed()
    onTestFinished(() => feed.close())
    const updates = { feed: feed.url, publicKey: feed.publicKey }
    const deb = `${HOME}/new.deb`
    await writeFile(`${machine.root}${deb}`, await makeDebLike(DEB, '1.0.0', { updates }))
    await machine.asRoot(`apt-get install --yes ${deb}`)
    feed.publish('2.0.0', {
      name: 'pan123-sync_2.0.0_amd64.deb',
      content: await makeDebLike(DEB, '2.0.0', {}),
    })
    await logIn()
    const program = await startProgram(machine.personCommand('pan123-sync', []), {})
    const page = await program.page()
    await page.getByTestId('nav-settings').click()
    await page.getByTestId('settings-about').click()
    await page.getByTestId('update-action').click()
    await page.locator('[data-testid="update-state"][data-status="ready"]').waitFor()
    await page.getByTestId('update-action').click()
    await expect
      .poll(() => machine.asRoot(`${VERSION}; pan123 --version`), WAIT)
      .toBe('2.0.0\npan123 2.0.0\n')
    await program.stop()
    await expect.poll(() => machine.asPerson(`${THE_WINDOW} || true`), WAIT).not.toBe('')
    await screen.picture('debian-updated')
    await machine.asPerson('echo three >photos/三.txt')
    await expect.poll(sent, WAIT).toContain('/photos/三.txt')
    await machine.logOut()
  }, 240_000)

  test('is removed by apt, and leaves what is the person’s, and nothing else', async () => {
    await machine.asRoot('apt-get remove --yes pan123-sync')
    const left = [...(await systemFiles())].filter((path) => !before.has(path))
    expect(left).toEqual([])
    const data = await machine.asPerson('ls .local/share/123pan-sync && cat photos/一.txt photos/二.txt')
    expect(data).toMatch(/^one\ntwo$/mu)
  })
})

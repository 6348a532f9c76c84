import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import keytar from 'keytar'
import type { Page } from 'playwright-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Bridge } from '#app/ipc'
import { startEmulator, type Emulator } from '#emulator/emulator'
import { PERSON } from '#emulator/endpoints/user-info'
import { launch, PACKED, type RunningApp } from '#test/app'
import { filesContaining } from '#test/leaks'
import { signIn } from '#test/sign-in'

/** Design 8, on the running app. */
let emulator: Emulator
let folder: string
let app: RunningApp

declare global {
  interface Window {
    readonly drive: Bridge
  }
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pan123-security-'))
  emulator = await startEmulator()
  app = await launch({ env: { PAN123_API_URL: emulator.url, PAN123_DATA_DIR: join(folder, 'data') } })
})
afterEach(async () => {
  await app.close()
  await emulator.close()
  await rm(folder, { recursive: true, force: true })
})

test('the page has the bridge and nothing of Node or Electron', async () => {
  const seen = await app.page.evaluate(() => ({
    bridge: Object.keys(window.drive).sort(),
    node: ['require', 'process', 'module', 'Buffer', 'global', '__dirname'].filter((name) => name in window),
  }))
  expect(seen).toEqual({ bridge: ['call', 'on', 'pathOf'], node: [] })
})

test('the bridge refuses every name outside the contract', async () => {
  const names = [
    'session.token',
    'token.current',
    'renewToken',
    'constructor',
    '__proto__',
    'toString',
    'ELECTRON_BROWSER_REQUIRE',
  ]
  for (const name of names) {
    const outcome = await app.page.evaluate(async (command) => {
      try {
        return JSON.stringify(await window.drive.call(command as 'session.get'))
      } catch (error) {
        return String(error)
      }
    }, name)
    expect(outcome).toMatch(/unknown command/iu)
    const listening = await app.page.evaluate((event) => {
      try {
        window.drive.on(event as 'session.changed', () => undefined)
        return 'subscribed'
      } catch (error) {
        return String(error)
      }
    }, name)
    expect(listening).toMatch(/unknown event/iu)
  }
})

test('arguments of the wrong shape are refused, and what was sent is not repeated', async () => {
  const calls: readonly (readonly [string, unknown])[] = [
    ['session.signIn', { kind: 'token', token: 'secret value with spaces' }],
    ['session.signIn', 'secret value'],
    ['settings.change', { destination: '../../etc' }],
    ['settings.change', { token: 'secret value' }],
    ['transfers.add', '/etc/passwd'],
    ['transfers.add', [7]],
    ['transfers.cancel', ['not-an-id']],
    ['link.open', 'https://evil.example'],
  ]
  for (const [command, argument] of calls) {
    const result = await app.page.evaluate(
      ([name, value]) => window.drive.call(name as 'link.open', value as 'website'),
      [command, argument] as const,
    )
    expect(result).toMatchObject({ ok: false, failure: { code: 'invalid-argument' } })
    expect(JSON.stringify(result)).not.toMatch(/secret value|evil/u)
  }
})

test('a foreign frame inside the page, and a foreign page in a window with our preload, are refused', async () => {
  await writeFile(join(folder, 'foreign.html'), '<title>foreign</title>')
  const foreign = `file://${join(folder, 'foreign.html')}`
  const answer = await app.app.evaluate(async ({ app: electron, BrowserWindow }, url) => {
    // The same preload, so that the bridge is there: only the page is another.
    const preload = `${electron.getAppPath()}/out/preload/index.cjs`
    const other = new BrowserWindow({
      show: false,
      webPreferences: { preload, sandbox: true, contextIsolation: true },
    })
    await other.loadURL(url)
    const result: unknown = await other.webContents.executeJavaScript(`window.drive.call('session.get')`)
    other.destroy()
    return result
  }, foreign)
  expect(answer).toMatchObject({ ok: false, failure: { code: 'invalid-argument' } })

  // The page's policy does not even let a frame in.
  const framed = await app.page.evaluate((url) => {
    const frame = document.createElement('iframe')
    frame.src = url
    document.body.append(frame)
    return new Promise((resolve) => {
      frame.addEventListener('load', () => resolve(frame.contentDocument?.title ?? 'blocked'))
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
        resolve(effectiveDirective),
      )
    })
  }, foreign)
  expect(framed).not.toBe('foreign')
  await app.provoked(/frame/u)
  // About the foreign page, which has no policy: about ours there is none. A packed program's are not warned of.
  if (!PACKED) await app.provoked(/Electron Security Warning \(Insecure Content-Security-Policy\)/u)
})

test('navigation, new windows and permissions are denied, and the page’s policy allows no script but its own', async () => {
  const before = app.page.url()
  const denied = await app.page.evaluate(async () => {
    const opened = window.open('https://example.com')
    location.href = 'https://example.com'
    const permission = await navigator.permissions.query({ name: 'geolocation' })
    return { opened: opened === null, permission: permission.state }
  })
  expect(denied).toMatchObject({ opened: true, permission: 'denied' })
  expect(app.page.url()).toBe(before)
  expect(app.app.windows()).toHaveLength(1)
  const policy = await app.page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content')
  expect(policy).toMatch(/script-src 'self'(?:;|$)/u)
  expect(policy).not.toContain('unsafe')
})

test('an inline script, code in a string, and HTML in a string are refused', async () => {
  const outcomes = await app.page.evaluate(async () => {
    const attempts: Readonly<Record<string, () => unknown>> = {
      eval: () => (0, eval)('window.ran = true') as unknown,
      // The rule forbids what this shows to fail.
      function: () => Reflect.construct(Function, ['window.ran = true']),
      handler: () => document.body.setAttribute('onclick', 'window.ran = true'),
      html: () => (document.createElement('div').innerHTML = '<img src="x" onerror="window.ran = true">'),
      script: () => (document.createElement('script').textContent = 'window.ran = true'),
      scriptOfNodes() {
        const script = document.createElement('script')
        script.append('window.ran = true')
        document.body.append(script)
      },
      policy: () =>
        (
          window as unknown as { trustedTypes: { createPolicy: (name: string, rules: object) => object } }
        ).trustedTypes // TypeScript does not know it yet.
          .createPolicy('mine', {}),
      style() {
        const style = document.createElement('style')
        style.textContent = 'body { opacity: 0.5 }'
        document.head.append(style)
        return getComputedStyle(document.body).opacity
      },
    }
    // In a task of the page's own: what the debugger evaluates is let off.
    await new Promise((resolve) => setTimeout(resolve))
    return Object.entries(attempts).map(([name, attempt]) => {
      try {
        return [name, attempt() ?? 'nothing']
      } catch (error) {
        return [name, error instanceof Error ? error.name : 'thrown']
      }
    })
  })
  const { style, ...scripts } = Object.fromEntries(outcomes) as Record<string, unknown>
  expect(style).toBe('1')
  for (const [name, outcome] of Object.entries(scripts))
    expect([name, outcome]).toEqual([name, expect.stringMatching(/^(?:Eval|Type)Error$/u)])
  expect(await app.page.evaluate(() => 'ran' in window)).toBe(false)
  await app.provoked(/requires 'Trusted|TrustedTypePolicy|inline style|unsafe-eval|Content Security Policy/u)
})

test('token and secret are in no file, argument list, environment of a child, page storage or answer', async () => {
  await signIn(app, emulator)
  const issued = await issuedToken()
  await writeFile(join(folder, 'a.bin'), randomBytes(20 * 1024 ** 2))
  await app.drop([join(folder, 'a.bin')])
  await app.page.locator('[data-testid="transfer-row"][data-status="done"]').waitFor()
  for (const secret of [issued, emulator.clientSecret]) {
    expect(await filesContaining(join(folder, 'data'), secret)).toEqual([])
    expect(app.log()).not.toContain(secret)
    const inPage = await app.page.evaluate(async () => {
      const told = new Promise((resolve) => window.drive.on('transfers.changed', resolve))
      const answers = await Promise.all(
        (['session.get', 'settings.get', 'transfers.follow', 'queue.get'] as const).map((name) =>
          window.drive.call(name),
        ),
      )
      return JSON.stringify([
        await told,
        answers,
        Object.entries(localStorage),
        Object.entries(sessionStorage),
        document.cookie,
        document.documentElement.outerHTML,
      ])
    })
    expect(inPage).not.toContain(secret)
    for (const { pid, text } of await processTexts())
      expect([pid, text.includes(secret)]).toEqual([pid, false])
  }
})

test('credentials from the environment are not passed on to child processes', async () => {
  await app.close()
  app = await launch({
    env: {
      PAN123_API_URL: emulator.url,
      PAN123_DATA_DIR: join(folder, 'data'),
      PAN123_TOKEN: emulator.token,
    },
  })
  await app.by('account-name').waitFor()
  // A sandboxed preload is given the program's environment as it is when the page is made.
  expect((await memoryOf(app.page)).includes(emulator.token)).toBe(false)
  const own = app.app.process().pid
  const texts = await processTexts()
  expect(texts.length).toBeGreaterThan(1)
  // The kernel keeps showing what a process was started with; its children must not have it.
  for (const { pid, text } of texts)
    if (pid !== own) expect([pid, text.includes(emulator.token)]).toEqual([pid, false])
})

test('phone number and mail address of the account appear nowhere', async () => {
  await signIn(app, emulator)
  const html = await app.page.content()
  const session = JSON.stringify(await app.page.evaluate(() => window.drive.call('session.get')))
  for (const secret of [PERSON.passport, PERSON.mail]) {
    expect(html).not.toContain(secret)
    expect(session).not.toContain(secret)
  }
})

test('the data folder is its owner’s alone', async () => {
  expect(((await stat(join(folder, 'data'))).mode & 0o777).toString(8)).toBe('700')
})

/** Every string that the page's process holds, in the page's own world and in the preload's. */
async function memoryOf(page: Page): Promise<string> {
  const devtools = await page.context().newCDPSession(page)
  const parts: string[] = []
  devtools.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => parts.push(chunk))
  await devtools.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false })
  await devtools.detach()
  return parts.join('')
}

/** The token the app was issued, from where it may be: the keychain. */
async function issuedToken(): Promise<string> {
  const secret = await keytar.getPassword('123pan Sync', emulator.url)
  return (JSON.parse(secret ?? '') as { issued: { token: string } }).issued.token
}

/** Arguments and environment of the app's process and all below it. */
async function processTexts(): Promise<readonly { readonly pid: number; readonly text: string }[]> {
  const own = app.app.process().pid ?? 0
  const parents = new Map<number, number>()
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/u.test(name)) continue
    const status = await readFile(`/proc/${name}/status`, 'utf8').catch(() => '')
    parents.set(Number(name), Number(/PPid:\s+(\d+)/u.exec(status)?.[1] ?? 0))
  }
  const below = (pid: number): boolean => pid === own || (pid > 1 && below(parents.get(pid) ?? 0))
  const pids = [...parents.keys()].filter(below)
  return Promise.all(
    pids.map(async (pid) => {
      const [argv, environ] = await Promise.all(
        ['cmdline', 'environ'].map((file) => readFile(`/proc/${pid}/${file}`, 'latin1').catch(() => '')),
      )
      return { pid, text: `${argv ?? ''}\n${environ ?? ''}` }
    }),
  )
}

import { beforeEach, describe, expect, test, vi } from 'vitest'
import { DriveError } from '#app/errors'
import type { CommandName } from '#app/ipc'
import { DEFAULT_SETTINGS } from '#app/settings'
import { serveCommands, type CommandHandlers } from '#main/desktop/ipc'

type Listener = (event: unknown, ...args: unknown[]) => Promise<unknown>
const electron = vi.hoisted(() => ({ listeners: new Map<string, Listener>() }))
vi.mock('electron', () => ({
  ipcMain: { handle: (name: string, listener: Listener) => electron.listeners.set(name, listener) },
}))
// Its only use here is the schema of a change; the store itself wants a running Electron.
vi.mock('electron-store', () => ({ default: vi.fn() }))

const ID = '5a2f7a9e-3c1d-4b7e-9f60-8d3f0a1b2c3d'
const heard: { readonly command: string; readonly args: readonly unknown[] }[] = []
let fails: Error | undefined

function hear(command: CommandName): (...args: readonly unknown[]) => never {
  return (...args) => {
    heard.push({ command, args })
    if (fails) throw fails
    return 'answer' as never // What a handler gives back is passed on as it is.
  }
}

const handlers: CommandHandlers = {
  'session.get': hear('session.get'),
  'session.signIn': hear('session.signIn'),
  'session.signOut': hear('session.signOut'),
  'session.reload': hear('session.reload'),
  'settings.get': hear('settings.get'),
  'settings.change': hear('settings.change'),
  'settings.setProxyPassword': hear('settings.setProxyPassword'),
  'settings.hasProxyPassword': hear('settings.hasProxyPassword'),
  'dialog.choose': hear('dialog.choose'),
  'transfers.follow': hear('transfers.follow'),
  'transfers.add': hear('transfers.add'),
  'transfers.retry': hear('transfers.retry'),
  'transfers.cancel': hear('transfers.cancel'),
  'transfers.pause': hear('transfers.pause'),
  'transfers.resume': hear('transfers.resume'),
  'transfers.reorder': hear('transfers.reorder'),
  'transfers.clear': hear('transfers.clear'),
  'transfers.showInFolder': hear('transfers.showInFolder'),
  'transfers.details': hear('transfers.details'),
  'transfers.preview': hear('transfers.preview'),
  'queue.get': hear('queue.get'),
  'queue.reconnect': hear('queue.reconnect'),
  'queue.goAnyway': hear('queue.goAnyway'),
  'problems.get': hear('problems.get'),
  'problems.retry': hear('problems.retry'),
  'problems.showInFolder': hear('problems.showInFolder'),
  'problems.dismiss': hear('problems.dismiss'),
  'sync.list': hear('sync.list'),
  'sync.preview': hear('sync.preview'),
  'sync.add': hear('sync.add'),
  'sync.change': hear('sync.change'),
  'sync.remove': hear('sync.remove'),
  'sync.now': hear('sync.now'),
  'sync.pause': hear('sync.pause'),
  'sync.resume': hear('sync.resume'),
  'sync.answer': hear('sync.answer'),
  'sync.events': hear('sync.events'),
  'sync.problems': hear('sync.problems'),
  'sync.ignored': hear('sync.ignored'),
  'sync.showInFolder': hear('sync.showInFolder'),
  'history.find': hear('history.find'),
  'history.export': hear('history.export'),
  'launch.get': hear('launch.get'),
  'launch.answer': hear('launch.answer'),
  'cloud.folders': hear('cloud.folders'),
  'link.open': hear('link.open'),
  'app.info': hear('app.info'),
  'app.openDataFolder': hear('app.openDataFolder'),
  'diagnostics.export': hear('diagnostics.export'),
  'diagnostics.showInFolder': hear('diagnostics.showInFolder'),
  'crash.get': hear('crash.get'),
  'crash.dismiss': hear('crash.dismiss'),
  'app.licences': hear('app.licences'),
  'shellMenu.get': hear('shellMenu.get'),
  'shellMenu.set': hear('shellMenu.set'),
  'autostart.get': hear('autostart.get'),
  'autostart.set': hear('autostart.set'),
  'update.get': hear('update.get'),
  'update.check': hear('update.check'),
  'update.install': hear('update.install'),
  'update.openPage': hear('update.openPage'),
}

const call = (command: string, ...args: readonly unknown[]): Promise<unknown> =>
  electron.listeners.get(command)?.({ own: true }, ...args) ??
  Promise.reject(new Error(`Nobody serves ${command}`))

beforeEach(() => {
  heard.length = 0
  fails = undefined
  serveCommands(handlers, (event) => 'own' in event)
})

describe('a call from our own page is answered', () => {
  test.each<{ command: CommandName; args: readonly unknown[] }>([
    { command: 'session.signIn', args: [{ kind: 'token', token: 'eyJ' }, 'keychain'] },
    {
      command: 'session.signIn',
      args: [{ kind: 'client', clientID: 'id', clientSecret: 's' }, 'session-only'],
    },
    { command: 'settings.change', args: [{ destination: '/照片/秋' }] },
    { command: 'settings.change', args: [DEFAULT_SETTINGS] },
    { command: 'settings.change', args: [{ proxy: { kind: 'none' } }] },
    {
      command: 'settings.change',
      args: [{ proxy: { kind: 'manual', protocol: 'socks5', host: '代理.example', port: 1080 } }],
    },
    {
      command: 'settings.change',
      args: [{ proxy: { kind: 'manual', protocol: 'http', host: 'fd00::1', port: 8080, username: '李 明' } }],
    },
    { command: 'settings.setProxyPassword', args: ['p@ss: 词'] },
    { command: 'settings.setProxyPassword', args: [''] },
    { command: 'settings.hasProxyPassword', args: [] },
    { command: 'transfers.add', args: [['/home/li/照片', 'C:\\照片']] },
    { command: 'transfers.retry', args: [[ID]] },
    { command: 'transfers.retry', args: [[ID], 'overwrite'] },
    { command: 'transfers.showInFolder', args: [ID] },
    { command: 'transfers.details', args: [ID] },
    { command: 'transfers.preview', args: [['/home/li/照片']] },
    { command: 'queue.get', args: [] },
    { command: 'sync.add', args: [{ localPath: '/home/li/照片', remotePath: '/照片', mode: 'mirror' }] },
    { command: 'sync.change', args: [ID, { twins: true, exclude: ['*.tmp'] }] },
    { command: 'sync.now', args: ['all', 'everything'] },
    { command: 'sync.pause', args: [ID, 1_800_000] },
    { command: 'sync.pause', args: ['all'] },
    { command: 'sync.answer', args: [ID, 'keep'] },
    { command: 'sync.showInFolder', args: [ID, '秋/1.jpg'] },
    { command: 'problems.retry', args: [['/home/li/照片']] },
    { command: 'history.find', args: [{ text: '%', outcome: 'failed', offset: 0, limit: 100 }] },
    { command: 'history.export', args: [{ text: '', outcome: 'any' }] },
    { command: 'link.open', args: ['website'] },
    { command: 'settings.change', args: [{ exclude: ['node_modules/', '', '# 临时文件', '!要的.tmp'] }] },
    { command: 'app.openDataFolder', args: [] },
  ])('$command $args', async ({ command, args }) => {
    expect(await call(command, ...args)).toEqual({ ok: true, value: 'answer' })
    expect(heard).toEqual([{ command, args }])
  })
})

describe('what the page must not send is not heard', () => {
  test.each<{ command: CommandName; args: readonly unknown[] }>([
    { command: 'session.signIn', args: [{ kind: 'token', token: 'SECRET 1' }, 'keychain'] },
    { command: 'session.signIn', args: [{ kind: 'token', token: 'SECRET' }, 'environment'] },
    { command: 'session.signIn', args: [{ kind: 'token', token: 'SECRET' }] },
    { command: 'session.get', args: ['SECRET'] },
    { command: 'settings.change', args: [{ token: 'SECRET' }] },
    { command: 'settings.change', args: [{ destination: 'no slash' }] },
    { command: 'settings.change', args: [{ destination: '/a:b' }] },
    { command: 'settings.change', args: [{ theme: 'pink' }] },
    { command: 'settings.change', args: [{ proxy: { kind: 'manual' } }] },
    {
      command: 'settings.change',
      args: [{ proxy: { kind: 'manual', protocol: 'http', host: 'li:SECRET@p', port: 1 } }],
    },
    {
      command: 'settings.change',
      args: [{ proxy: { kind: 'manual', protocol: 'http', host: 'p', port: 0 } }],
    },
    {
      command: 'settings.change',
      args: [{ proxy: { kind: 'manual', protocol: 'http', host: 'p', port: 1, password: 'SECRET' } }],
    },
    {
      command: 'settings.change',
      args: [{ proxy: { kind: 'manual', protocol: 'ftp', host: 'p', port: 1 } }],
    },
    {
      command: 'settings.change',
      args: [{ proxy: { kind: 'manual', protocol: 'http', host: 'p', port: 1, username: 'li:SECRET' } }],
    },
    { command: 'settings.change', args: [{ proxy: { kind: 'system', host: 'p' } }] },
    { command: 'settings.setProxyPassword', args: [{ password: 'SECRET' }] },
    { command: 'settings.setProxyPassword', args: ['SECRET'.repeat(50)] },
    { command: 'dialog.choose', args: ['devices'] },
    { command: 'transfers.add', args: ['/home/li'] },
    { command: 'transfers.add', args: [['']] },
    { command: 'transfers.add', args: [[{ path: '/SECRET' }]] },
    { command: 'transfers.cancel', args: [['not-an-id']] },
    { command: 'transfers.retry', args: [[ID], 'destroy'] },
    { command: 'transfers.showInFolder', args: ['/etc/passwd'] },
    { command: 'transfers.details', args: ['/etc/passwd'] },
    { command: 'sync.add', args: [{ localPath: '', remotePath: '/照片', mode: 'mirror' }] },
    { command: 'sync.add', args: [{ localPath: '/a', remotePath: 'SECRET', mode: 'mirror' }] },
    { command: 'sync.add', args: [{ localPath: '/a', remotePath: '/b', mode: 'two-way' }] },
    { command: 'sync.change', args: [ID, { localPath: '/SECRET' }] },
    { command: 'sync.change', args: [ID, { exclude: ['*.tmp\nSECRET'] }] },
    { command: 'sync.pause', args: ['all', -1] },
    { command: 'sync.answer', args: [ID, 'SECRET'] },
    { command: 'sync.showInFolder', args: ['/etc/passwd'] },
    { command: 'history.find', args: [{ text: '', outcome: 'SECRET', offset: 0, limit: 100 }] },
    { command: 'history.find', args: [{ text: '', outcome: 'any', offset: -1, limit: 100 }] },
    { command: 'history.find', args: [{ text: '', outcome: 'any', offset: 0, limit: 1e6 }] },
    { command: 'history.export', args: [{ text: '', outcome: 'any', path: '/SECRET' }] },
    { command: 'link.open', args: ['https://evil.com'] },
    { command: 'settings.change', args: [{ exclude: 'SECRET' }] },
    { command: 'settings.change', args: [{ exclude: ['*.tmp\nSECRET'] }] },
    { command: 'settings.change', args: [{ exclude: ['SECRET'.repeat(170)] }] },
    { command: 'settings.change', args: [{ exclude: Array(201).fill('SECRET') }] },
    { command: 'app.openDataFolder', args: ['/etc'] },
    { command: 'app.licences', args: ['../../SECRET'] },
    { command: 'link.open', args: [{ toString: 'website' }] },
  ])('$command $args', async ({ command, args }) => {
    const answer = await call(command, ...args)
    expect(answer).toMatchObject({ ok: false, failure: { code: 'invalid-argument' } })
    expect(JSON.stringify(answer)).not.toContain('SECRET')
    expect(heard).toEqual([])
  })
})

test.each(Object.keys(handlers))('%s from a foreign frame is not heard', async (command) => {
  const answer = await electron.listeners.get(command)?.({}, [])
  expect(answer).toMatchObject({ ok: false, failure: { code: 'invalid-argument' } })
  expect(heard).toEqual([])
})

test('a failure reaches the page as plain data, without what caused it', async () => {
  fails = new DriveError('quota-exceeded', 'full', { cause: { token: 'SECRET' }, traceId: 'abc' })
  expect(await call('session.reload')).toEqual({
    ok: false,
    failure: { code: 'quota-exceeded', message: 'full', traceId: 'abc' },
  })
  fails = new RangeError('nobody foresaw this')
  expect(await call('session.reload')).toMatchObject({ ok: false, failure: { code: 'internal' } })
})

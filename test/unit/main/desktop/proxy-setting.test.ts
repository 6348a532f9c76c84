import { beforeEach, expect, test, vi } from 'vitest'
import { DEFAULT_SETTINGS } from '#app/settings'
import { openSettings } from '#main/desktop/settings'

const file = vi.hoisted((): { content: Record<string, unknown> } => ({ content: {} }))
vi.mock('electron-store', () => ({
  default: class {
    get store(): Record<string, unknown> {
      return file.content
    }
    set store(content: Record<string, unknown>) {
      file.content = content
    }
  },
}))

const MANUAL = { kind: 'manual', protocol: 'socks5', host: 'p', port: 1080, username: 'li' } as const

beforeEach(() => {
  file.content = {}
})

test('is the system’s at first', () => {
  expect(openSettings('/data').get().proxy).toEqual({ kind: 'system' })
})

test('stays as it was set, whatever else is changed', () => {
  openSettings('/data').change({ proxy: MANUAL })
  openSettings('/data').change({ theme: 'dark' })
  expect(openSettings('/data').get()).toEqual({ ...DEFAULT_SETTINGS, proxy: MANUAL, theme: 'dark' })
})

test.each([
  { name: 'another kind', proxy: { kind: 'pac' } },
  { name: 'a host with a password in it', proxy: { ...MANUAL, host: 'li:geheim@p' } },
  { name: 'a port that is none', proxy: { ...MANUAL, port: 70_000 } },
  { name: 'more than there is', proxy: { ...MANUAL, password: 'geheim' } },
  { name: 'text', proxy: 'http://p:1' },
])('falls back alone when a hand left it wrong: $name', ({ proxy }) => {
  file.content = { theme: 'dark', proxy }
  expect(openSettings('/data').get()).toEqual({ ...DEFAULT_SETTINGS, theme: 'dark' })
})

import type { AppInfo } from '#app/about'
import type { QueueStatus } from '#app/ipc'
import type { Session } from '#app/session'
import type { Settings } from '#app/settings'
import type { Transfer } from '#app/transfer'
import type { MessageKey } from './locales/messages.ts'
import type { Tab } from './transfer-list.ts'
import type { Words } from './words.ts'

/** All that support may need, and nothing of the person: no token, no name, no folder, nobody's proxy credentials. */
export interface Facts {
  readonly info: AppInfo
  readonly settings: Settings
  readonly session: Session | undefined
  readonly queue: QueueStatus
  readonly counts: Readonly<Record<Tab, number>>
  readonly failed: readonly Transfer[]
  readonly now: number
}

type Line = readonly [name: string, value: string]

/** Plain text in the language of the window. */
export function diagnose(facts: Facts, words: Words): string {
  const { info, now } = facts
  const { t, moment } = words
  const lines: readonly Line[] = [
    [t('diagnostics.at'), moment(now)],
    [t('advanced.system'), info.system],
    ['Electron', info.electron],
    ['Chromium', info.chromium],
    ['Node.js', info.node],
    [t('advanced.platform'), info.apiUrl],
    ...ofSettings(facts.settings, words),
    ...ofSession(facts.session, words),
    ...ofQueue(facts, words),
  ]
  const listed = lines.map(([name, value]) => t('diagnostics.line', { name, value }))
  return [`123pan Sync ${info.version}`, ...listed, ''].join('\n')
}

function ofSettings(settings: Settings, { t, locale, speed, number }: Words): readonly Line[] {
  const { upLimit, destination } = settings
  const limit = upLimit.bytesPerSecond === undefined ? t('settings.limitOff') : speed(upLimit.bytesPerSecond)
  const hours = upLimit.timetable.length
  return [
    [t('settings.language'), locale.value],
    [t('settings.theme'), t(`settings.${settings.theme}`)],
    [t('settings.destination'), destination === '/' ? t('destination.root') : t('diagnostics.ownFolder')],
    [t('settings.duplicate'), t(DUPLICATES[settings.onDuplicate])],
    [t('settings.proxy'), proxyOf(settings, t)],
    [t('settings.limit'), limit],
    [t('settings.timetable'), number(hours)],
    [t('rules.title'), number(settings.exclude.length)],
  ]
}

const DUPLICATES = {
  fail: 'settings.fail',
  'keep-both': 'settings.keepBoth',
  overwrite: 'settings.overwrite',
  skip: 'settings.skip',
} as const satisfies Record<Settings['onDuplicate'], MessageKey>

function proxyOf({ proxy }: Settings, t: Words['t']): string {
  switch (proxy.kind) {
    case 'system':
      return t('settings.proxySystem')
    case 'none':
      return t('settings.proxyNone')
    case 'manual':
      return `${proxy.protocol}://${proxy.host.includes(':') ? `[${proxy.host}]` : proxy.host}:${proxy.port}`
  }
}

function ofSession(session: Session | undefined, { t, moment }: Words): readonly Line[] {
  if (session?.status !== 'signed-in') return [[t('settings.account'), t('diagnostics.signedOut')]]
  const { kept, expiresAt, problem, account } = session
  return [
    [t('settings.account'), account?.vip ? t('accountPage.vip') : t('diagnostics.signedIn')],
    [t('accountPage.kept'), t(KEPT[kept])],
    [t('accountPage.life'), expiresAt === undefined ? t('common.none') : moment(expiresAt)],
    ...(problem ? [[t('diagnostics.problem'), problem.code] as const] : []),
  ]
}

/** Where the credential is, in a sentence. */
export const KEPT = {
  keychain: 'settings.keychain',
  'session-only': 'settings.sessionOnly',
  environment: 'settings.environment',
} as const satisfies Record<(Session & { status: 'signed-in' })['kept'], MessageKey>

function ofQueue({ queue, counts, failed }: Facts, { t, number }: Words): readonly Line[] {
  const codes = failed.flatMap(({ state }) => ('failure' in state ? [state.failure.code] : []))
  const reasons = [...new Set(codes)].map(
    (code) => `${code} × ${number(codes.filter((other) => other === code).length)}`,
  )
  const stopped = queue.paused ? 'paused' : queue.blocked?.reason
  return [
    ...(['all', 'active', 'done', 'failed'] as const).map(
      (tab) => [`${t('transfers.title')} · ${t(`transfers.tabs.${tab}`)}`, number(counts[tab])] as const,
    ),
    ...(stopped ? [[t('diagnostics.stopped'), stopped] as const] : []),
    ...(reasons.length > 0 ? [[t('diagnostics.reasons'), reasons.join(', ')] as const] : []),
  ]
}

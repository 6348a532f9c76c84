import { unreachable } from '#app/assert'
import type { Settings } from '#app/settings'
import type { InstallKind, UpdateState, UpdateStatus } from '#app/update'
import type { MessageKey } from './locales/messages.ts'
import type { Words } from './words.ts'

/** What the window says about updates, and the one thing that a person can do. */
export interface UpdateWords {
  readonly sentence: string
  readonly note: string
  readonly action?: { readonly name: UpdateAction; readonly label: string }
}

export type UpdateAction = 'check' | 'install' | 'openPage'

/** `wanted`: what the person has chosen to happen by itself. */
export function updateWords(status: UpdateStatus, wanted: Settings['updates'], words: Words): UpdateWords {
  const { state, kind, checkedAt, hasPage } = status
  const { t, size, explain, moment } = words
  const last = checkedAt > 0 ? t('update.last', { when: moment(checkedAt) }) : ''
  const check = { name: 'check', label: t('update.check') } as const
  switch (state.status) {
    case 'none-here':
      return state.reason === 'development'
        ? { sentence: t('update.development'), note: '' }
        : { sentence: t('update.notConfigured'), note: t('update.notConfiguredNote') }
    case 'idle':
      return checkedAt > 0
        ? { sentence: last, note: '', action: check }
        : { sentence: t('update.never'), note: '', action: check }
    case 'checking':
      return { sentence: t('update.checking'), note: last }
    case 'up-to-date':
      return { sentence: t('update.upToDate'), note: last, action: check }
    case 'available': {
      const sentence = t('update.available', { version: state.update.version })
      const ofSize =
        state.update.size === undefined ? '' : t('update.ofSize', { size: size(state.update.size) })
      if (kind !== 'by-hand')
        return { sentence, note: ofSize, action: { name: 'install', label: t('update.fetch') } }
      const open = { name: 'openPage', label: t('update.openPage') } as const
      return { sentence, note: t('update.byHand'), action: hasPage ? open : check }
    }
    case 'downloading': {
      const { version, size: bytes } = state.update
      const note = bytes === undefined ? '' : words.share(bytes * state.fraction, bytes)
      return { sentence: t('update.downloading', { version }), note }
    }
    case 'ready':
      return {
        sentence: t('update.ready', { version: state.update.version }),
        note: t(wanted === 'auto' ? BY_ITSELF[kind] : BY_BUTTON[kind]),
        action: { name: 'install', label: t('update.install') },
      }
    case 'waiting':
      return {
        sentence: t('update.waiting', { version: state.update.version }),
        note: t('update.waitingNote'),
      }
    case 'installing':
      return {
        sentence: t('update.installing', { version: state.update.version }),
        note: t('update.installingNote'),
      }
    case 'failed': {
      const { why, action } = explain(state.failure)
      return { sentence: why, note: action, action: check }
    }
    default:
      return unreachable(state)
  }
}

const BY_BUTTON = {
  appimage: 'update.byButton',
  nsis: 'update.byButton',
  deb: 'update.withPassword',
  mac: 'update.byButton',
  'by-hand': 'update.byHand',
} as const satisfies Readonly<Record<InstallKind, MessageKey>>

const BY_ITSELF = { ...BY_BUTTON, appimage: 'update.atQuit', nsis: 'update.atQuit' } as const

/**
 * Whether a change is told to somebody who is not looking at it. What a person has asked for stands where they asked; what is told is
 * what happened by itself: a version that is there, and one that is not what it claims to be.
 */
export function isNews(
  before: UpdateState | undefined,
  { state, kind }: UpdateStatus,
  asks: boolean,
): boolean {
  if (before?.status === state.status) return false
  if (before?.status === 'checking' && before.by === 'person') return false
  switch (state.status) {
    case 'available':
      return asks || kind === 'by-hand'
    case 'ready':
      return true
    case 'failed':
      return state.failure.code !== 'update-unreachable'
    default:
      return false
  }
}

import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { toFailure } from '#app/errors'
import type { AddReport, SkippedPath } from '#app/ipc'
import { copyText } from '../browser.ts'
import { useWords } from '../words.ts'
import { useSettings } from './settings.ts'

export interface Notice {
  readonly id: number
  readonly tone: 'ok' | 'warn' | 'bad'
  /** Said in the language that the window has at the moment. */
  readonly text: () => string
  readonly more?: () => string
  readonly skipped?: readonly SkippedPath[]
  /** What can be done about it, behind the words. */
  readonly action?: { readonly label: () => string; readonly run: () => unknown }
}

const MOST = 4

/** Short words about what just happened, shown for a while. */
export const useNotices = defineStore('notices', () => {
  const { t, explain } = useWords()
  const settings = useSettings()
  const notices = shallowRef<readonly Notice[]>([])
  let lastId = 0

  function show(notice: Omit<Notice, 'id'>): void {
    lastId += 1
    const text = notice.text()
    // What is said again is not said twice.
    const others = notices.value.filter((other) => other.text() !== text)
    notices.value = [...others, { id: lastId, ...notice }].slice(-MOST)
  }

  function dismiss(id: number): void {
    notices.value = notices.value.filter((notice) => notice.id !== id)
  }

  function fail(thrown: unknown): void {
    const failure = toFailure(thrown)
    if (failure.code === 'cancelled') return
    show({ tone: 'bad', text: () => explain(failure).why, more: () => explain(failure).action })
  }

  /** Says so when it fails; undefined then. */
  async function guard<T>(doing: Promise<T>): Promise<T | undefined> {
    try {
      return await doing
    } catch (thrown) {
      fail(thrown)
      return undefined
    }
  }

  function added({ added: n, skipped }: AddReport): void {
    const text = (): string => (n === 0 ? t('added.none') : t('added.files', { n }))
    // What a rule leaves out is not told one by one.
    const maybe = n === 0 && settings.settings.exclude.length > 0 ? { more: () => t('rules.maybe') } : {}
    if (skipped.length === 0) show({ tone: n === 0 ? 'warn' : 'ok', text, ...maybe })
    else show({ tone: 'warn', text, more: () => t('added.skipped', { n: skipped.length }), skipped })
  }

  async function copy(text: string): Promise<void> {
    const copied = await copyText(text)
    show(
      copied
        ? { tone: 'ok', text: () => t('common.copied') }
        : { tone: 'warn', text: () => t('common.notCopied') },
    )
  }

  return { notices, show, dismiss, fail, guard, added, copy }
})

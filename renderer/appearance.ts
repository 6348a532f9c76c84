import { shallowRef, watchEffect } from 'vue'
import type { Settings } from '#app/settings'
import { i18n } from './words.ts'
import type { Locale } from './locales/messages.ts'

/** The language of the window: as chosen, else Chinese for a Chinese system and English for any other. */
export function localeFor(language: Settings['language'], system: string): Locale {
  if (language !== 'system') return language
  return system.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'
}

export function isDark(theme: Settings['theme'], systemIsDark: boolean): boolean {
  return theme === 'system' ? systemIsDark : theme === 'dark'
}

/** Keeps the page's language and colours as chosen, and as the system's change. */
export function followAppearance(settings: () => Settings): void {
  const query = window.matchMedia('(prefers-color-scheme: dark)')
  const systemIsDark = shallowRef(query.matches)
  query.addEventListener('change', ({ matches }) => (systemIsDark.value = matches))

  watchEffect(() => {
    const locale = localeFor(settings().language, navigator.language)
    i18n.global.locale.value = locale
    document.documentElement.lang = locale
  })
  watchEffect(() => {
    document.documentElement.classList.toggle('dark', isDark(settings().theme, systemIsDark.value))
  })
}

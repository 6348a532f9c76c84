import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { CrashOffer } from '#app/crash'
import { call } from '../api.ts'
import { useWords } from '../words.ts'
import { useNotices } from './notices.ts'

/** What goes to support, and why a person may want to send it. */
export const useSupport = defineStore('support', () => {
  const { t } = useWords()
  const notices = useNotices()
  const crash = shallowRef<CrashOffer>()

  async function load(): Promise<void> {
    crash.value = await notices.guard(call('crash.get'))
  }

  function dismiss(): void {
    crash.value = undefined
    void notices.guard(call('crash.dismiss'))
  }

  /** Whether it was saved: the person may change their mind, and a disk may be full. */
  async function exportPackage(): Promise<boolean> {
    const path = await notices.guard(call('diagnostics.export'))
    if (path === undefined) return false
    notices.show({
      tone: 'ok',
      text: () => t('package.saved'),
      more: () => path,
      action: { label: () => t('package.show'), run: () => notices.guard(call('diagnostics.showInFolder')) },
    })
    return true
  }

  return { crash, load, dismiss, exportPackage }
})

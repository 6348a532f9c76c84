import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { AddReport, PendingUpload, UploadTarget } from '#app/ipc'
import { call, listen } from '../api.ts'

/** A mirror of what was chosen in the file manager and waits to be told where to go. */
export const usePendingUpload = defineStore('pending-upload', () => {
  const pending = shallowRef<PendingUpload>()

  function take(value: PendingUpload | undefined): void {
    pending.value = value
  }

  async function follow(): Promise<void> {
    listen('launch.changed', take)
    take(await call('launch.get'))
  }

  const upload = (id: string, target: UploadTarget): Promise<AddReport | undefined> =>
    call('launch.answer', id, target)

  async function letGo(id: string): Promise<void> {
    await call('launch.answer', id)
  }

  return { pending, follow, upload, letGo }
})

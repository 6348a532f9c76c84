import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { QueueStatus } from '#app/ipc'
import { call, listen } from '../api.ts'
import { remember, type SpeedReport } from '../speeds.ts'

/** A mirror of the queue as a whole, with a minute's memory of its speed. */
export const useQueue = defineStore('queue', () => {
  const status = shallowRef<QueueStatus>({ speed: 0, running: 0 })
  const reports = shallowRef<readonly SpeedReport[]>([])

  function take(value: QueueStatus): void {
    status.value = value
    reports.value = remember(reports.value, { at: Date.now(), speed: value.speed })
  }

  async function follow(): Promise<void> {
    listen('queue.changed', take)
    take(await call('queue.get'))
  }

  return { status, reports, follow }
})

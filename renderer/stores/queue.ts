import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { QueueStatus } from '#app/ipc'
import { call, listen } from '../api.ts'
import { isChosen, standstill } from '../banners.ts'
import { remember, type SpeedReport } from '../speeds.ts'

/** A mirror of the queue as a whole, with a minute's memory of its speed. */
export const useQueue = defineStore('queue', () => {
  const status = shallowRef<QueueStatus>({ speed: 0, running: 0 })
  const reports = shallowRef<readonly SpeedReport[]>([])
  /** Where an earlier queue went, once a person has read it. */
  const noted = shallowRef<string>()

  /** A person has paused all of it. */
  const held = computed(() => status.value.paused !== undefined)
  /** Why nothing goes up, when nothing does. */
  const stopped = computed(() => standstill(status.value))
  const stoppedByChoice = computed(() => isChosen(stopped.value))
  const setAside = computed(() =>
    status.value.setAside?.path === noted.value ? undefined : status.value.setAside?.path,
  )

  function take(value: QueueStatus): void {
    status.value = value
    reports.value = remember(reports.value, { at: Date.now(), speed: value.speed })
  }

  async function follow(): Promise<void> {
    listen('queue.changed', take)
    take(await call('queue.get'))
  }

  return {
    status,
    reports,
    held,
    stopped,
    stoppedByChoice,
    setAside,
    follow,
    /** For a while, or until somebody resumes. */
    pauseAll: (forMs?: number) =>
      forMs === undefined ? call('transfers.pause', 'all') : call('transfers.pause', 'all', forMs),
    resumeAll: () => call('transfers.resume', 'all'),
    reconnect: () => call('queue.reconnect'),
    goAnyway: () => call('queue.goAnyway'),
    noteSetAside: () => {
      noted.value = status.value.setAside?.path
    },
  }
})

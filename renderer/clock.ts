import { computed, readonly, shallowRef, type ComputedRef, type Ref } from 'vue'

const SECOND = 1000
const MINUTE = 60 * SECOND

const second = shallowRef(Date.now())
setInterval(() => (second.value = Date.now()), SECOND)

/** The time, once a second: for countdowns and ages. It guesses no progress. */
export const now: Readonly<Ref<number>> = readonly(second)

/** Milliseconds from this moment to that one, looked at again every second. `now` may be a second old: counted from it, 20 s would read 21. */
export function msUntil(at: number): number {
  return at - Math.max(second.value, Date.now())
}

/** `now`, but it only changes once a minute. */
export const minute: ComputedRef<number> = computed(() => Math.floor(second.value / MINUTE) * MINUTE)

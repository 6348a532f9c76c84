import { computed, readonly, shallowRef, type ComputedRef, type Ref } from 'vue'

const SECOND = 1000
const MINUTE = 60 * SECOND

const second = shallowRef(Date.now())
setInterval(() => (second.value = Date.now()), SECOND)

/** The time, once a second: for countdowns and ages. It guesses no progress. */
export const now: Readonly<Ref<number>> = readonly(second)

/** The same, but it only changes once a minute. */
export const minute: ComputedRef<number> = computed(() => Math.floor(second.value / MINUTE) * MINUTE)

import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { Credentials, Kept, Session } from '#app/session'
import { call, listen } from '../api.ts'

/** A mirror of who is signed in. */
export const useSession = defineStore('session', () => {
  /** Undefined until main has answered for the first time. */
  const session = shallowRef<Session>()
  const signedIn = computed(() => (session.value?.status === 'signed-in' ? session.value : undefined))
  /** Why nobody is signed in, when it was not by choice. */
  const lost = computed(() => (session.value?.status === 'signed-out' ? session.value.reason : undefined))

  function take(value: Session): void {
    session.value = value
  }

  async function follow(): Promise<void> {
    listen('session.changed', take)
    take(await call('session.get'))
  }

  async function signIn(credentials: Credentials, keep: Exclude<Kept, 'environment'>): Promise<void> {
    take(await call('session.signIn', credentials, keep))
  }

  async function reload(): Promise<void> {
    take(await call('session.reload'))
  }

  return { session, signedIn, lost, follow, signIn, reload, signOut: () => call('session.signOut') }
})

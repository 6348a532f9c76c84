import { shallowRef, type ShallowRef } from 'vue'
import { useNotices } from './stores/notices.ts'
import { useSession } from './stores/session.ts'
import { useTransfers } from './stores/transfers.ts'

export interface SignOut {
  /** Whether the person is being asked if they mean it. */
  readonly asking: ShallowRef<boolean>
  /** Signs out; asks first while something is still to go. */
  readonly signOut: () => void
  readonly confirmed: () => void
}

export function useSignOut(): SignOut {
  const session = useSession()
  const transfers = useTransfers()
  const notices = useNotices()
  const asking = shallowRef(false)

  function confirmed(): void {
    asking.value = false
    void notices.guard(session.signOut())
  }

  function signOut(): void {
    if (transfers.counts.active > 0) asking.value = true
    else confirmed()
  }

  return { asking, signOut, confirmed }
}

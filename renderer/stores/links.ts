import type { Link } from '#app/ipc'
import { call } from '../api.ts'
import { useNotices } from './notices.ts'

/** Opens one of our own links in the system's browser. */
export function openLink(link: Link): void {
  void useNotices().guard(call('link.open', link))
}

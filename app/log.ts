import type { Failure } from './errors.ts'
import type { QueueStatus } from './ipc.ts'
import type { Session } from './session.ts'
import type { PairStatus } from './sync/pair.ts'
import type { Transfer } from './transfer.ts'

/** What the log of the app says: closed words and numbers. Never a file's name, a folder, an account, nor what a server said. */
export interface LogEntry {
  readonly level: 'info' | 'warn' | 'error'
  readonly part: 'app' | 'account' | 'engine' | 'queue' | 'transfers' | 'sync' | 'update'
  readonly text: string
}

/** Which request, and what came: what `message` begins with where the platform or the network is the reason (main/cloud). */
const ANSWERED = /^(?<endpoint>[a-z_]{3,20}): (?:HTTP (?<status>\d{3})\b|(?<code>-?\d{1,6}) )/u
const BROKEN = /^(?<reason>[A-Z][A-Z0-9_]{3,40}): /u

/** A failure by its code and, where it is known, endpoint and answer: the rest of its message may name a file. */
export function describeFailure({ code, message }: Failure): string {
  const answered = ANSWERED.exec(message)?.groups
  if (answered) {
    const { endpoint = '', status, code: said = '' } = answered
    return `${code} (${endpoint}, ${status ? `HTTP ${status}` : `code ${said}`})`
  }
  const reason = BROKEN.exec(message)?.groups?.['reason']
  return reason ? `${code} (${reason})` : code
}

/** Undefined where nothing has changed that is worth a line: speeds change all the time. */
export function queueEntry(before: QueueStatus | undefined, now: QueueStatus): LogEntry | undefined {
  const text = standing(now)
  if (text === (before ? standing(before) : 'goes on')) return undefined
  return { level: now.blocked || now.setAside ? 'warn' : 'info', part: 'queue', text }
}

function standing({ blocked, paused, setAside }: QueueStatus): string {
  const reasons = [
    ...(blocked ? [`blocked, ${blocked.reason}`] : []),
    ...(paused ? ['paused'] : []),
    ...(setAside ? [`an earlier queue is set aside, ${setAside.reason}`] : []),
  ]
  return reasons.length > 0 ? reasons.join('; ') : 'goes on'
}

export function sessionEntry(before: Session | undefined, now: Session): LogEntry | undefined {
  const text = signedIn(now)
  if (before && text === signedIn(before)) return undefined
  const troubled = now.status === 'signed-out' ? now.reason : now.problem
  return { level: troubled ? 'warn' : 'info', part: 'account', text }
}

function signedIn(session: Session): string {
  if (session.status === 'signed-out')
    return session.reason ? `signed out, ${describeFailure(session.reason)}` : 'signed out'
  const { kept, problem } = session
  return problem ? `signed in (${kept}), ${describeFailure(problem)}` : `signed in (${kept})`
}

/** What a pair is at, where it has come to rest; undefined while it works. */
export function describePair({ pair, state, problems }: PairStatus): string | undefined {
  const name = `pair ${pair.id.slice(0, 8)} (${pair.mode})`
  switch (state.status) {
    case 'halted':
      return `${name}: halted, ${state.halt.reason}`
    case 'waiting':
      return state.failure && `${name}: waits, ${describeFailure(state.failure)}`
    case 'synced':
      return `${name}: in step, problems ${problems}`
    case 'paused':
    case 'offline':
    case 'signed-out':
    case 'held':
      return `${name}: ${state.status}`
    case 'scanning':
    case 'comparing':
    case 'syncing':
      return undefined
  }
}

/** Transfers that ended in a failure or wait because of one: a line a cause, however many there are. */
export function failureEntries(transfers: readonly Transfer[]): readonly LogEntry[] {
  const counts = new Map<string, number>()
  for (const { state } of transfers) {
    if (!('failure' in state)) continue
    const text = `${state.status}: ${describeFailure(state.failure)}`
    counts.set(text, (counts.get(text) ?? 0) + 1)
  }
  return [...counts].map(([text, count]) => ({
    level: 'warn',
    part: 'transfers',
    text: count === 1 ? text : `${text} x ${count}`,
  }))
}

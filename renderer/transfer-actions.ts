import { isFinal, isRetriable, type TransferState } from '#app/transfer'

/** What a person can have done with transfers, in the order in which it is offered: with one, with some, with all. */
export const ACTIONS = [
  'pause',
  'resume',
  'retry',
  'overwrite',
  'keep-both',
  'skip',
  'first',
  'last',
  'cancel',
  'clear',
] as const
export type Action = (typeof ACTIONS)[number]

/** Answers to a name that is taken: trying the same again would fail the same way. */
export const ANSWERS = ['overwrite', 'keep-both', 'skip'] as const satisfies readonly Action[]

/** Whether it would change anything. */
export function applies(action: Action, state: TransferState): boolean {
  switch (action) {
    case 'pause':
      return !isFinal(state) && state.status !== 'paused'
    case 'resume':
      return state.status === 'paused'
    case 'retry':
      return isRetriable(state) && !needsAnswer(state)
    case 'overwrite':
    case 'keep-both':
      return needsAnswer(state)
    case 'skip':
      return needsAnswer(state) && state.status === 'failed'
    case 'first':
    case 'last':
      return state.status === 'queued' || state.status === 'waiting' || state.status === 'paused'
    case 'cancel':
      return !isFinal(state)
    case 'clear':
      return isFinal(state)
  }
}

/** What applies to at least one of them. */
export function possibleActions(states: Iterable<TransferState>): ReadonlySet<Action> {
  const found = new Set<Action>()
  for (const state of states) {
    for (const action of ACTIONS) if (!found.has(action) && applies(action, state)) found.add(action)
    if (found.size === ACTIONS.length) break
  }
  return found
}

function needsAnswer(state: TransferState): boolean {
  return isRetriable(state) && 'failure' in state && state.failure.code === 'name-taken'
}

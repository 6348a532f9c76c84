import { DriveError } from '#app/errors'
import { changeOf } from '#app/sync/base-tree'
import { asideName } from '#app/sync/names'
import type { Operation, Removal } from '#app/sync/plan'
import type { RemoteEntry } from '#app/sync/tree'
import type { Cloud } from '../cloud/client.ts'
import { authorized, type TokenSource } from '../transfers/context.ts'
import type { Base } from './base.ts'
import type { RemoteCache } from './remote-cache.ts'

export interface ApplyContext {
  readonly cloud: Cloud
  readonly tokens: TokenSource
  readonly base: Base
  readonly remote: RemoteCache
  readonly signal: AbortSignal
}

type Step = Exclude<Operation, { kind: 'upload' }>

/**
 * Does one step in the cloud and, once that is acknowledged, moves the base. What it throws leaves the base where it was: the next plan
 * looks and goes on from what there is, also where the step was done and only the answer got lost.
 */
export async function carryOut(step: Step, context: ApplyContext): Promise<void> {
  const entry = await doRemote(step, context)
  const change = changeOf(step, entry)
  if (change) context.base.apply(change)
}

async function doRemote(step: Step, context: ApplyContext): Promise<RemoteEntry | undefined> {
  switch (step.kind) {
    case 'mkdir':
      return makeFolder(step, context)
    case 'relocate':
      await relocate(step, context)
      return undefined
    case 'discard':
      await ask(context, (token) => context.cloud.trash(token, [step.fileID], context.signal))
      context.remote.take(step.parentID, step.fileID)
      return undefined
    case 'record':
    case 'place':
    case 'adopt':
    case 'forget':
    case 'replaced':
      return undefined
  }
}

async function makeFolder({ to }: Step & { kind: 'mkdir' }, context: ApplyContext): Promise<RemoteEntry> {
  const { cloud, remote, signal } = context
  const fileID = await ask(context, (token) => cloud.mkdir(token, to.parentID, to.name, signal))
  const entry: RemoteEntry = { fileID, name: to.name, kind: 'folder', size: 0, md5: '' }
  remote.put(to.parentID, entry)
  // Nobody else can have put anything there yet.
  remote.set(fileID, [])
  return entry
}

/** One call, or two: where both the folder and the name change, it has a name of ours on the way that nothing else has. */
async function relocate(
  { fileID, from, to }: Step & { kind: 'relocate' },
  context: ApplyContext,
): Promise<void> {
  const { cloud, remote, signal } = context
  const rename = (name: string): Promise<void> =>
    ask(context, (token) => cloud.rename(token, fileID, name, signal))
  const move = (): Promise<void> => ask(context, (token) => cloud.move(token, [fileID], to.parentID, signal))
  if (from.parentID === to.parentID) await rename(to.name)
  else if (from.name === to.name) await move()
  else {
    await rename(asideName(to.name, fileID))
    await move()
    await rename(to.name)
  }
  const entry = remote.take(from.parentID, fileID)
  if (entry) remote.put(to.parentID, { ...entry, name: to.name })
}

/**
 * Puts what was deleted here into the bin. A folder goes whole only if, looked at once more, it holds what the plan saw: two complete
 * listings agree (pitfalls 2).
 */
export async function remove(removals: readonly Removal[], context: ApplyContext): Promise<void> {
  const { cloud, remote, base, signal } = context
  for (const { holds } of removals) for (const held of holds) await requireSame(held, context)
  const ids = removals.map(({ fileID }) => fileID)
  await ask(context, (token) => cloud.trash(token, ids, signal))
  for (const { parentID, fileID, node } of removals) {
    remote.take(parentID, fileID)
    base.apply({ kind: 'drop', node })
  }
}

async function requireSame(
  { folderID, fileIDs }: Removal['holds'][number],
  context: ApplyContext,
): Promise<void> {
  const listing = await list(folderID, context)
  const expected = new Set(fileIDs)
  if (listing.length === expected.size && listing.every(({ fileID }) => expected.has(fileID))) return
  throw new DriveError('malformed-answer', 'A folder that was to go to the bin holds something else by now')
}

/** Asks, and remembers. */
export async function list(folderID: number, context: ApplyContext): Promise<readonly RemoteEntry[]> {
  const { cloud, remote, signal } = context
  const entries = await ask(context, (token) => cloud.list(token, folderID, signal))
  remote.set(folderID, entries)
  return entries
}

function ask<T>({ tokens }: ApplyContext, call: (token: string) => Promise<T>): Promise<T> {
  return authorized(tokens, call)
}

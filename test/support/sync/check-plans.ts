import type { Row } from '#app/sync/base-tree'
import { keyOf, remoteName } from '#app/sync/names'
import { randomNumbers } from '../random.ts'
import { randomCase, type CaseSize } from './cases.ts'
import {
  isEmpty,
  Refused,
  REMOTE_ROOT,
  rowsOf,
  type Model,
  type ModelFolder,
  type ModelLocal,
  type ModelRemote,
} from './model.ts'

const ROUNDS = 200

/** Plans and carries out in random batches until nothing is left. Throws when a promise of the planner is broken. */
function checkCase(seed: number, size: CaseSize): void {
  const model = randomCase(seed, size)
  const before = new Map([...model.remote].map(([id, node]) => [id, { ...node }]))
  const ours = new Set(rowsOf(model.base.root).map(({ fileID }) => fileID))
  const random = randomNumbers(seed ^ 0x5eed)
  const losing = random() < 0.3
  runToRest(model, random, losing)
  checkBin(model, before, ours)
  checkRest(model)
  checkAgain(model)
}

/** Until there is nothing to do for one who looks at all of the cloud. */
function runToRest(model: Model, random: () => number, losing: boolean): void {
  let refused = false
  for (let round = 0; round < ROUNDS; round++) {
    if (refused) listAll(model)
    const plan = model.plan()
    for (const question of plan.questions) if (random() < 0.8) model.answer(question)
    if (isEmpty(plan)) {
      listAll(model)
      if (isEmpty(model.plan())) return
      continue
    }
    const answer = (): 'heard' | 'lost' => (losing && random() < 0.15 ? 'lost' : 'heard')
    const steps = [
      ...plan.operations.map((operation) => (): void => {
        model.carryOut(operation, answer())
      }),
      ...plan.removals.map((removal) => (): void => {
        model.remove(removal, answer())
      }),
    ]
    // The suffix that the platform finds for a newer version may be a name of the same plan.
    const mayBeTaken = plan.operations.some((one) => one.kind === 'upload' && one.how.kind === 'beside')
    shuffle(steps, random)
    const share = random() < 0.5 ? 1 : random()
    for (const step of steps.slice(0, Math.max(1, Math.ceil(steps.length * share)))) {
      try {
        step()
      } catch (thrown) {
        // What is refused for what nobody had looked at is planned anew by somebody who looks at all of it; what they plan is not refused.
        if (!(thrown instanceof Refused) || (refused && !mayBeTaken)) throw thrown
        refused = true
      }
    }
    // What was changed is looked at anew.
    if (steps.length > 0) model.listings.clear()
  }
  throw new Error(`not at rest after ${ROUNDS} rounds: ${JSON.stringify(model.plan())}`)
}

function listAll(model: Model): void {
  for (const folderID of [REMOTE_ROOT, ...model.remote.keys()])
    model.listings.set(folderID, model.list(folderID))
}

function shuffle(items: (() => void)[], random: () => number): void {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    const [one, two] = [items[last], items[other]]
    if (one === undefined || two === undefined) continue
    items[last] = two
    items[other] = one
  }
}

/** Nothing went to the bin that the mode does not allow. */
function checkBin(model: Model, before: ReadonlyMap<number, ModelRemote>, ours: ReadonlySet<number>): void {
  for (const { what, path, why } of model.binned) {
    if (why === 'discard') {
      // A newer version of it is at that path.
      if (what.kind !== 'file') throw new Error(`a folder was discarded: ${what.name}`)
      const now = localAt(model.local, path)
      if (!now) throw new Error(`discarded for nothing: ${path}`)
      continue
    }
    if (model.terms.mode === 'backup') throw new Error(`removed in a backup: ${path}`)
    const was = before.get(what.fileID)
    if (!was) continue // put there and taken away again within the case
    if (was.isForeign || !ours.has(what.fileID))
      throw new Error(`removed, and never ours: ${path}/${what.name}`)
  }
}

function localAt(root: ModelFolder, path: string): ReturnType<ModelFolder['children']['get']> {
  let node: ReturnType<ModelFolder['children']['get']> = root
  for (const name of path.split('/')) node = node?.kind === 'folder' ? node.children.get(name) : undefined
  return node
}

/** Whatever is on the disk is in the cloud, but for what the plan names; in a mirror nothing of ours is there besides. */
function checkRest(model: Model): void {
  const plan = model.plan()
  const excused = new Set([
    ...plan.problems.map(({ path }) => keyOf(path)),
    ...plan.busy.map(keyOf),
    ...plan.passedOver.map(({ path }) => keyOf(path)),
  ])
  const mirrored = new Set<number>()
  checkFolder(model, model.local, REMOTE_ROOT, '', excused, mirrored)
  if (model.terms.mode !== 'mirror') return
  const { unknown, locals } = model.matched()
  for (const row of rowsOf(model.base.root)) {
    const path = keyOf(model.base.pathOf(row.id))
    const here = locals.get(row.id)
    if (unknown.has(row.id) || (here && isExcused(keyOf(here.path), excused, model.local))) continue
    if (mirrored.has(row.fileID) || isExcused(path, excused, model.local)) continue
    if (!isHeld(row, model, excused)) throw new Error(`a row without a file: ${path}`)
  }
}

/** It is still on the disk, where it can't be followed: what the cloud has of it stays where it was, with the folders it is in. */
function isHeld(row: Row, model: Model, excused: ReadonlySet<string>): boolean {
  const isIt = (node: ModelLocal): boolean =>
    (node.kind === 'file' || node.kind === 'folder') &&
    (node.ino === row.ino || (node.kind === 'file' && row.kind === 'file' && node.md5 === row.md5))
  const here = pathsOf(model.local, isIt)
  if (here.some((path) => isExcused(path, excused, model.local))) return true
  return row.kind === 'folder' && rowsOf(row).some((below) => isHeld(below, model, excused))
}

function pathsOf(folder: ModelFolder, isMeant: (node: ModelLocal) => boolean, path = ''): readonly string[] {
  return [...folder.children].flatMap(([name, node]) => {
    const at = path === '' ? name : `${path}/${name}`
    const below = node.kind === 'folder' ? pathsOf(node, isMeant, at) : []
    return isMeant(node) ? [at, ...below] : below
  })
}

function isExcused(path: string, excused: ReadonlySet<string>, root: ModelFolder): boolean {
  for (let at = path; at !== ''; at = at.includes('/') ? at.slice(0, at.lastIndexOf('/')) : '') {
    const node = localAt(root, at)
    if (excused.has(at) || node?.kind === 'unknown' || node?.kind === 'ignored') return true
    if (node?.kind === 'file' && node.busy) return true
  }
  return false
}

function checkFolder(
  model: Model,
  folder: ModelFolder,
  remoteID: number,
  path: string,
  excused: ReadonlySet<string>,
  mirrored: Set<number>,
): void {
  for (const [name, node] of folder.children) {
    const at = path === '' ? name : `${path}/${name}`
    if (excused.has(at) || node.kind === 'unknown' || node.kind === 'ignored') continue
    const named = remoteName(name, model.terms.twins)
    if ('problem' in named) throw new Error(`not named as a problem: ${at}`)
    const there = model.list(remoteID).filter((one) => one.name === named.name)
    const [only, second] = there.filter(({ kind }) => kind === node.kind)
    if (!only) throw new Error(`not in the cloud: ${at}`)
    if (second && node.kind === 'file') throw new Error(`twice in the cloud: ${at}`)
    if (node.kind === 'file') {
      if (only.md5 !== node.md5) throw new Error(`other content in the cloud: ${at}`)
      mirrored.add(only.fileID)
      continue
    }
    const row = rowsOf(model.base.root).find((one) => there.some(({ fileID }) => fileID === one.fileID))
    if (!row) throw new Error(`no row for ${at}`)
    mirrored.add(row.fileID)
    checkFolder(model, node, row.fileID, at, excused, mirrored)
  }
}

/** Another cycle, which knows nothing of the cloud but what it asks, finds nothing to do. */
function checkAgain(model: Model): void {
  model.listings.clear()
  for (let looks = 0; looks < ROUNDS; looks++) {
    const plan = model.plan()
    if (plan.operations.length > 0 || plan.removals.length > 0)
      throw new Error(`the next cycle has something to do: ${JSON.stringify(plan)}`)
    if (plan.questions.length === 0) return
    for (const question of plan.questions) model.answer(question)
  }
  throw new Error('the next cycle asks for ever')
}

/** The smallest case of the same seed that still fails. */
export function shrink(seed: number, size: CaseSize): CaseSize {
  let smallest = size
  for (let isSmaller = true; isSmaller;) {
    isSmaller = false
    for (const key of ['nodes', 'localEdits', 'remoteEdits'] as const)
      while (smallest[key] > 0 && fails(seed, { ...smallest, [key]: smallest[key] - 1 })) {
        smallest = { ...smallest, [key]: smallest[key] - 1 }
        isSmaller = true
      }
  }
  return smallest
}

export function fails(seed: number, size: CaseSize): string | undefined {
  try {
    checkCase(seed, size)
    return undefined
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown)
  }
}

export function sizeFor(seed: number): CaseSize {
  const random = randomNumbers(seed * 7 + 1)
  const upTo = (most: number): number => Math.floor(random() * (most + 1))
  return { nodes: upTo(25), localEdits: upTo(10), remoteEdits: random() < 0.5 ? 0 : upTo(5) }
}

import { z } from 'zod'
import type { FileRow, FolderRow, Row, RowWrites } from '#app/sync/base-tree'
import type { PairId, SyncEvent, SyncPair } from '#app/sync/pair'
import type { NodeId } from '#app/sync/tree'
import { transaction, type Database } from './database.ts'
import { storedFailure } from './rows.ts'

/** What the engine knows of a pair beyond what a person chose. */
export interface PairFacts {
  /** The account it was made for. */
  readonly owner: string
  /** A command line's pair runs where one is, and not by itself. */
  readonly madeBy?: 'cli'
  /** The local root as it was first seen; undefined until then. */
  readonly root?: { readonly dev: string; readonly ino: string }
  /** The cloud folder; undefined until it was found or made. */
  readonly remoteRoot?: number
  /** A person has paused it; 0 is until they resume it. */
  readonly pausedUntil?: number
  readonly syncedAt?: number
  /** When all of the cloud's side was last looked at. */
  readonly checkedAt?: number
}

export interface StoredPair {
  readonly pair: SyncPair
  readonly facts: PairFacts
}

const optional = <T extends z.ZodType>(schema: T) => z.exactOptional(schema)

const storedPair = z.object({
  localPath: z.string(),
  remotePath: z.string(),
  mode: z.enum(['backup', 'mirror']),
  replace: z.enum(['beside', 'overwrite']),
  exclude: z.array(z.string()),
  twins: z.boolean(),
}) satisfies z.ZodType<Omit<SyncPair, 'id'>>

const storedFacts = z.object({
  owner: z.string(),
  madeBy: optional(z.literal('cli')),
  root: optional(z.object({ dev: z.string(), ino: z.string() })),
  remoteRoot: optional(z.number()),
  pausedUntil: optional(z.number()),
  syncedAt: optional(z.number()),
  checkedAt: optional(z.number()),
}) satisfies z.ZodType<PairFacts>

const storedEvent = z.object({
  at: z.number(),
  kind: z.enum(['uploaded', 'replaced', 'adopted', 'made', 'moved', 'trashed', 'kept', 'halted', 'problem']),
  path: z.string(),
  from: optional(z.string()),
  failure: optional(storedFailure),
}) satisfies z.ZodType<SyncEvent>

const storedRow = z.object({
  id: z.number().transform((id) => id as NodeId),
  name: z.string(),
  ino: z.string(),
  file_id: z.number(),
  size: z.number().nullable(),
  mtime_ns: z.string().nullable(),
  md5: z.string().nullable(),
  replaces: z.number().nullable(),
})

/** The id that stands for a pair's root: it has no row. */
export const ROOT_ID = 0 as NodeId

/** Older events say nothing more. */
const EVENTS_KEPT = 2000

const BELOW = `WITH RECURSIVE below (id) AS (
  SELECT id FROM sync_rows WHERE pair = ?1 AND id = ?2
  UNION ALL SELECT sync_rows.id FROM sync_rows JOIN below ON sync_rows.pair = ?1 AND sync_rows.parent = below.id)`

/** Pairs and their bases on disk. Only the engine's thread opens it; each call is done whole or not at all. */
export class SyncStore {
  readonly #db: Database
  readonly #statements: ReturnType<typeof prepare>
  #lastId: number

  constructor(db: Database) {
    this.#db = db
    this.#statements = prepare(db)
    const row: unknown = db.prepare('SELECT max(id) AS last FROM sync_rows').get()
    this.#lastId = (row as { last: number | null }).last ?? 0
  }

  newId(): NodeId {
    return ++this.#lastId as NodeId
  }

  pairs(): readonly StoredPair[] {
    const rows = this.#db.prepare('SELECT id, pair, facts FROM sync_pairs ORDER BY position').all()
    return (rows as { id: string; pair: string; facts: string }[]).flatMap(({ id, pair, facts }) => {
      const parsed = readJson(pair, storedPair)
      const known = readJson(facts, storedFacts)
      return parsed && known ? [{ pair: { ...parsed, id: id as PairId }, facts: known }] : []
    })
  }

  savePair({ pair: { id, ...pair }, facts }: StoredPair): void {
    this.#db
      .prepare(
        `INSERT INTO sync_pairs (id, position, pair, facts)
         VALUES (?, (SELECT coalesce(max(position), 0) + 1 FROM sync_pairs), ?, ?)
         ON CONFLICT (id) DO UPDATE SET pair = excluded.pair, facts = excluded.facts`,
      )
      .run(id, JSON.stringify(pair), JSON.stringify(facts))
  }

  /** With all it knew; the files on both sides are nobody's business here. */
  dropPair(id: PairId): void {
    transaction(this.#db, () => {
      this.#db.prepare('DELETE FROM sync_rows WHERE pair = ?').run(id)
      this.#db.prepare('DELETE FROM sync_pairs WHERE id = ?').run(id)
    })
  }

  forgetRows(pair: PairId): void {
    this.#db.prepare('DELETE FROM sync_rows WHERE pair = ?').run(pair)
    this.forgetFingerprints(pair)
  }

  children(pair: PairId, parent: NodeId): readonly Row[] {
    return this.#statements.children.all(pair, parent).map(readRow)
  }

  write(pair: PairId, { put, dropped }: RowWrites): void {
    transaction(this.#db, () => {
      for (const id of dropped) {
        this.#unsettle(pair, id)
        this.#statements.drop.run(pair, id)
      }
      for (const { row, parent } of put) {
        this.#unsettle(pair, row.id)
        this.#put(pair, row, parent)
        this.#mark(pair, parent, null)
      }
    })
  }

  /** The folder that it is in is no longer known to be as the disk has it. */
  #unsettle(pair: PairId, id: NodeId): void {
    const row = this.#statements.parent.get(pair, id) as { parent: number } | undefined
    if (row) this.#mark(pair, row.parent, null)
  }

  /**
   * All folders, with what the scanner saw there when nothing differed in them, and else with nothing; paths with `/`, the root is empty.
   */
  fingerprints(pair: PairId): readonly (readonly [string, string])[] {
    const paths = new Map<number, string>([[ROOT_ID, '']])
    const root = this.#db.prepare('SELECT fingerprint FROM sync_pairs WHERE id = ?').get(pair) as
      { fingerprint: string | null } | undefined
    const known: (readonly [string, string])[] = root?.fingerprint == null ? [] : [['', root.fingerprint]]
    const rows = this.#statements.folders.all(pair) as FolderMark[]
    const byParent = new Map<number, FolderMark[]>()
    for (const row of rows) {
      const list = byParent.get(row.parent)
      if (list) list.push(row)
      else byParent.set(row.parent, [row])
    }
    const queue: number[] = [ROOT_ID]
    for (let parent = queue.pop(); parent !== undefined; parent = queue.pop())
      for (const { id, name, fingerprint } of byParent.get(parent) ?? []) {
        const above = paths.get(parent) ?? ''
        const own = String(JSON.parse(name))
        const path = above === '' ? own : `${above}/${own}`
        paths.set(id, path)
        queue.push(id)
        known.push([path, fingerprint ?? ''])
      }
    return known
  }

  setFingerprints(pair: PairId, marks: readonly (readonly [folder: NodeId, fingerprint: string])[]): void {
    transaction(this.#db, () => {
      for (const [folder, fingerprint] of marks) this.#mark(pair, folder, fingerprint)
    })
  }

  #mark(pair: PairId, folder: number, fingerprint: string | null): void {
    if (folder === ROOT_ID) this.#statements.markRoot.run(fingerprint, pair)
    else this.#statements.mark.run(fingerprint, pair, folder)
  }

  /** Another rule may let in what they left out, or leave out what is in. */
  forgetFingerprints(pair: PairId): void {
    transaction(this.#db, () => {
      this.#db.prepare('UPDATE sync_rows SET fingerprint = NULL WHERE pair = ?').run(pair)
      this.#mark(pair, ROOT_ID, null)
    })
  }

  counts(pair: PairId): { readonly files: number; readonly bytes: number } {
    const row: unknown = this.#statements.counts.get(pair)
    return row as { files: number; bytes: number }
  }

  addEvents(pair: PairId, events: readonly SyncEvent[]): void {
    transaction(this.#db, () => {
      for (const event of events) this.#statements.event.run(pair, event.at, JSON.stringify(event))
      this.#statements.trimEvents.run(pair)
    })
  }

  /** The latest first. */
  events(pair: PairId, limit: number): readonly SyncEvent[] {
    const rows = this.#statements.events.all(pair, limit) as { event: string }[]
    return rows.flatMap(({ event }) => readJson(event, storedEvent) ?? [])
  }

  #put(pair: PairId, row: Row, parent: NodeId): void {
    const { id, name, ino, fileID } = row
    const file = row.kind === 'file' ? row : undefined
    this.#statements.put.run(
      id,
      pair,
      parent,
      JSON.stringify(name),
      ino,
      fileID,
      file?.size ?? null,
      file?.mtimeNs ?? null,
      file?.md5 ?? null,
      file?.replaces ?? null,
    )
  }
}

/** Undefined for what a hand or another version has left there. */
function readJson<T>(text: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

interface FolderMark {
  readonly id: number
  readonly parent: number
  readonly name: string
  readonly fingerprint: string | null
}

function readRow(raw: unknown): Row {
  const { id, name, ino, file_id: fileID, size, mtime_ns: mtimeNs, md5, replaces } = storedRow.parse(raw)
  const common = { id, name: String(JSON.parse(name)), ino, fileID }
  if (size === null) {
    const folder: FolderRow = { kind: 'folder', ...common, children: undefined }
    return folder
  }
  const file: FileRow = { kind: 'file', ...common, size, mtimeNs: mtimeNs ?? '', md5: md5 ?? '' }
  return replaces === null ? file : { ...file, replaces }
}

function prepare(db: Database) {
  return {
    children: db.prepare('SELECT * FROM sync_rows WHERE pair = ? AND parent = ?'),
    put: db.prepare(
      `INSERT INTO sync_rows (id, pair, parent, name, ino, file_id, size, mtime_ns, md5, replaces)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET parent = excluded.parent, name = excluded.name, ino = excluded.ino,
         file_id = excluded.file_id, size = excluded.size, mtime_ns = excluded.mtime_ns, md5 = excluded.md5,
         replaces = excluded.replaces`,
    ),
    drop: db.prepare(`${BELOW} DELETE FROM sync_rows WHERE id IN (SELECT id FROM below)`),
    folders: db.prepare(
      'SELECT id, parent, name, fingerprint FROM sync_rows WHERE pair = ? AND size IS NULL',
    ),
    parent: db.prepare('SELECT parent FROM sync_rows WHERE pair = ? AND id = ?'),
    markRoot: db.prepare('UPDATE sync_pairs SET fingerprint = ? WHERE id = ?'),
    mark: db.prepare('UPDATE sync_rows SET fingerprint = ? WHERE pair = ? AND id = ?'),
    counts: db.prepare(
      'SELECT count(*) AS files, coalesce(sum(size), 0) AS bytes FROM sync_rows WHERE pair = ? AND size IS NOT NULL',
    ),
    event: db.prepare('INSERT INTO sync_events (pair, at, event) VALUES (?, ?, ?)'),
    trimEvents: db.prepare(
      `DELETE FROM sync_events WHERE pair = ?1 AND rowid <=
         (SELECT rowid FROM sync_events WHERE pair = ?1 ORDER BY rowid DESC LIMIT 1 OFFSET ${EVENTS_KEPT})`,
    ),
    events: db.prepare('SELECT event FROM sync_events WHERE pair = ? ORDER BY rowid DESC LIMIT ?'),
  }
}

import {
  appendFileSync,
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { z } from 'zod'

const lineSchema = z.tuple([z.string(), z.string(), z.unknown().optional()])

/**
 * The account's metadata on disk: a JSON array a line, `[table, id, row]`, later lines winning, one without a row deleting.
 * Appended at once and never rewritten while running: what was acknowledged survives the emulator being killed.
 */
export class Journal {
  readonly #fd: number | undefined
  readonly #loaded = new Map<string, Map<string, unknown>>()

  /** Without a path nothing is kept. */
  constructor(path: string | undefined) {
    if (path === undefined) return
    if (existsSync(path)) this.#load(readFileSync(path, 'utf8'))
    this.#compact(path)
    this.#fd = openSync(path, 'a')
  }

  rows(table: string): ReadonlyMap<string, unknown> {
    return this.#loaded.get(table) ?? new Map<string, unknown>()
  }

  append(table: string, id: string, row: unknown): void {
    if (this.#fd !== undefined) writeSync(this.#fd, line(table, id, row))
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd)
  }

  #load(text: string): void {
    const lines = text.split('\n')
    // The last line has no line break when the process was killed while writing it.
    for (const content of lines.slice(0, -1)) {
      const [table, id, row] = lineSchema.parse(JSON.parse(content))
      const rows = this.#loaded.get(table) ?? new Map<string, unknown>()
      this.#loaded.set(table, rows)
      if (row === undefined) rows.delete(id)
      else rows.set(id, row)
    }
  }

  #compact(path: string): void {
    const fresh = `${path}.new`
    writeFileSync(fresh, '')
    for (const [table, rows] of this.#loaded) {
      appendFileSync(fresh, [...rows].map(([id, row]) => line(table, id, row)).join(''))
    }
    renameSync(fresh, path)
  }
}

function line(table: string, id: string, row: unknown): string {
  return `${JSON.stringify(row === undefined ? [table, id] : [table, id, row])}\n`
}

/** A map whose rows outlive the process, in order of first insertion. */
export class Table<Row> {
  readonly #name: string
  readonly #journal: Journal
  readonly #rows = new Map<string, Row>()

  constructor(name: string, schema: z.ZodType<Row>, journal: Journal) {
    this.#name = name
    this.#journal = journal
    for (const [id, row] of journal.rows(name)) this.#rows.set(id, schema.parse(row))
  }

  get(id: string): Row | undefined {
    return this.#rows.get(id)
  }

  set(id: string, row: Row): void {
    this.#rows.set(id, row)
    this.#journal.append(this.#name, id, row)
  }

  delete(id: string): void {
    if (this.#rows.delete(id)) this.#journal.append(this.#name, id, undefined)
  }

  values(): IterableIterator<Row> {
    return this.#rows.values()
  }

  entries(): IterableIterator<[string, Row]> {
    return this.#rows.entries()
  }
}

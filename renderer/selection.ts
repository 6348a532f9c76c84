import type { TransferId } from '#app/transfer'

/** What is selected in a list of rows, and where the keyboard stands in it. */
export interface Selection {
  readonly ids: ReadonlySet<TransferId>
  /** The row that keys speak of. */
  readonly cursor: TransferId | undefined
  /** Where a range begins. */
  readonly anchor: TransferId | undefined
}

export const NOTHING_SELECTED: Selection = { ids: new Set(), cursor: undefined, anchor: undefined }

/** `range`: from the anchor to here, instead of what was selected; `range-too`: as well. `none`: only the cursor goes there. */
export type Picking = 'only' | 'toggle' | 'range' | 'range-too' | 'none'

type Rows = readonly TransferId[]

export function pick(selection: Selection, rows: Rows, id: TransferId, how: Picking): Selection {
  switch (how) {
    case 'none':
      return { ...selection, cursor: id }
    case 'only':
      return { ids: new Set([id]), cursor: id, anchor: id }
    case 'toggle': {
      const ids = new Set(selection.ids)
      if (!ids.delete(id)) ids.add(id)
      return { ids, cursor: id, anchor: id }
    }
    case 'range':
    case 'range-too': {
      const range = between(rows, selection.anchor ?? id, id)
      const ids = new Set(how === 'range' ? range : [...selection.ids, ...range])
      return { ids, cursor: id, anchor: selection.anchor ?? id }
    }
  }
}

/** The cursor goes so many rows down, or up when negative, and no further than the list; ±Infinity is its end or its start. */
export function step(selection: Selection, rows: Rows, by: number, how: Picking): Selection {
  const at = selection.cursor === undefined ? -1 : rows.indexOf(selection.cursor)
  // Nowhere yet: down begins at the top, up at the end.
  const from = at === -1 && by < 0 ? rows.length : at
  const id = rows[Math.min(rows.length - 1, Math.max(0, from + by))]
  return id === undefined ? selection : pick(selection, rows, id, how)
}

export function pickAll(selection: Selection, rows: Rows): Selection {
  return { ids: new Set(rows), cursor: selection.cursor ?? rows[0], anchor: selection.anchor ?? rows[0] }
}

/** After rows came or went: what is not there any more is not selected, and the cursor stays at its height in the list. */
export function follow(selection: Selection, before: Rows, after: Rows): Selection {
  const { ids, cursor, anchor } = selection
  if (ids.size === 0 && cursor === undefined) return selection
  const there = new Set(after)
  const stays = (id: TransferId | undefined): boolean => id === undefined || there.has(id)
  const kept = [...ids].filter((id) => there.has(id))
  if (kept.length === ids.size && stays(cursor) && stays(anchor)) return selection
  return {
    ids: new Set(kept),
    cursor: cursor === undefined || there.has(cursor) ? cursor : after[heightOf(cursor, before, after)],
    anchor: stays(anchor) ? anchor : undefined,
  }
}

function heightOf(id: TransferId, before: Rows, after: Rows): number {
  return Math.min(Math.max(0, before.indexOf(id)), after.length - 1)
}

function between(rows: Rows, one: TransferId, other: TransferId): Rows {
  const [first, last] = [rows.indexOf(one), rows.indexOf(other)].sort((a, b) => a - b)
  // One of them is not in the list any more.
  if (first === undefined || last === undefined || first === -1) return [other]
  return rows.slice(first, last + 1)
}

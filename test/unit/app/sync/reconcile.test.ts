import { describe, expect, test } from 'vitest'
import { BaseTree, changeOf, type FolderRow, type Row } from '#app/sync/base-tree'
import type { Plan, Terms } from '#app/sync/plan'
import { reconcile } from '#app/sync/reconcile'
import type { LocalFile, LocalFolder, LocalNode, NodeId, RemoteEntry } from '#app/sync/tree'

const ROOT = 1
const MB = 1024 ** 2

const file = (ino: number, more: Partial<LocalFile> = {}): LocalFile => ({
  kind: 'file',
  ino: String(ino),
  size: 5,
  mtimeNs: '7',
  ...more,
})
const folder = (ino: number, children: Record<string, LocalNode> = {}): LocalFolder => ({
  kind: 'folder',
  ino: String(ino),
  children: new Map(Object.entries(children)),
})
const row = (id: number, name: string, more: Partial<Row & { kind: 'file' }> = {}): Row => ({
  kind: 'file',
  id: id as NodeId,
  name,
  ino: String(id),
  size: 5,
  mtimeNs: '7',
  md5: `m${id}`,
  fileID: 100 + id,
  ...more,
})
const folderRow = (id: number, name: string, children: readonly Row[] = []): FolderRow => ({
  kind: 'folder',
  id: id as NodeId,
  name,
  ino: String(id),
  fileID: 100 + id,
  children: new Map(children.map((child) => [child.name, child])),
})
const there = (fileID: number, name: string, more: Partial<RemoteEntry> = {}): RemoteEntry => ({
  fileID,
  name,
  kind: 'file',
  size: 5,
  md5: `m${fileID - 100}`,
  ...more,
})

const TERMS: Terms = {
  mode: 'mirror',
  replace: 'overwrite',
  twins: false,
  handsOff: new Set(),
  complete: true,
}

function plan(
  local: Record<string, LocalNode>,
  rows: readonly Row[],
  listings: Record<number, readonly RemoteEntry[]> = {},
  terms: Partial<Terms> = {},
): Plan {
  const base: FolderRow = {
    ...folderRow(0, ''),
    fileID: ROOT,
    children: new Map(rows.map((one) => [one.name, one])),
  }
  const remote = new Map(Object.entries(listings).map(([id, entries]) => [Number(id), entries]))
  return reconcile({ base, local: folder(0, local), remote }, { ...TERMS, ...terms })
}

const kinds = ({ operations }: Plan): readonly string[] => operations.map(({ kind }) => kind)

describe('what is planned', () => {
  test('nothing, where nothing differs, without a look at the cloud', () => {
    expect(plan({ a: file(2) }, [row(2, 'a')])).toMatchObject({ questions: [], operations: [], removals: [] })
  })

  test('a new file: first what is there, then its upload', () => {
    expect(plan({ a: file(2) }, []).questions).toEqual([{ kind: 'list', folderID: ROOT, path: [] }])
    expect(plan({ a: file(2) }, [], { [ROOT]: [] }).operations).toMatchObject([
      { kind: 'upload', path: ['a'], to: { parentID: ROOT, name: 'a' }, how: { kind: 'new' } },
    ])
  })

  test('a touched file: its content, then only the base', () => {
    const touched = { mtimeNs: '8' }
    expect(plan({ a: file(2, touched) }, [row(2, 'a')]).questions).toMatchObject([
      { kind: 'hash', path: ['a'] },
    ])
    expect(plan({ a: file(2, { ...touched, md5: 'm2' }) }, [row(2, 'a')]).operations).toMatchObject([
      { kind: 'record', node: 2, local: { mtimeNs: '8' } },
    ])
  })

  test('a changed file: in the way that the pair has chosen, in place of that very version', () => {
    const local = { a: file(2, { size: 6, mtimeNs: '8' }) }
    const listings = { [ROOT]: [there(102, 'a')] }
    expect(plan(local, [row(2, 'a')], listings).operations).toMatchObject([
      { how: { kind: 'overwrite', old: 102 } },
    ])
    expect(plan(local, [row(2, 'a')], listings, { replace: 'beside' }).operations).toMatchObject([
      { how: { kind: 'beside', old: 102 } },
    ])
  })

  test('a file of more than 10 GiB is a problem, new or grown', () => {
    const huge = { size: 10_241 * MB, mtimeNs: '8' }
    expect(plan({ a: file(2, huge) }, [], { [ROOT]: [] }).problems).toMatchObject([
      { code: 'file-too-large' },
    ])
    expect(plan({ a: file(2, huge) }, [row(2, 'a')]).problems).toMatchObject([{ code: 'file-too-large' }])
  })

  test('a file that is being written is left alone, new or changed', () => {
    const busy = { busy: true, mtimeNs: '8' } as const
    expect(plan({ a: file(2, busy) }, [], { [ROOT]: [] })).toMatchObject({ busy: [['a']], operations: [] })
    expect(plan({ a: file(2, busy) }, [row(2, 'a')])).toMatchObject({
      busy: [['a']],
      operations: [],
      questions: [],
    })
  })

  test('what cannot be read is a problem, what is no file is passed over, and neither is deleted in the cloud', () => {
    const local: Record<string, LocalNode> = {
      a: { kind: 'unknown', why: 'unreadable' },
      b: { kind: 'unknown', why: 'symbolic-link' },
    }
    expect(plan(local, [folderRow(2, 'a', [row(3, 'x')]), row(4, 'b')])).toMatchObject({
      problems: [{ path: ['a'], code: 'folder-unreadable' }],
      passedOver: [{ path: ['b'], why: 'symbolic-link' }],
      operations: [],
      removals: [],
    })
  })

  test('two different files there under one name are for a person to tell apart', () => {
    const listings = { [ROOT]: [there(150, 'a'), there(151, 'a')] }
    expect(plan({ a: file(2, { md5: 'mine' }) }, [], listings).problems).toMatchObject([
      { code: 'ambiguous' },
    ])
    const moved = { [ROOT]: [there(102, 'b'), ...listings[ROOT]] }
    expect(plan({ a: file(2) }, [row(2, 'b')], moved).problems).toMatchObject([{ code: 'ambiguous' }])
  })

  test('where a file stands, nothing that is a folder is moved', () => {
    const listings = { [ROOT]: [there(102, 'b', { kind: 'folder', md5: '', size: 0 }), there(150, 'a')] }
    expect(plan({ a: folder(2) }, [folderRow(2, 'b')], listings).problems).toMatchObject([
      { code: 'name-taken' },
    ])
  })

  test('what one keeps one’s hands off is left alone with what it stands for, and the rest goes on', () => {
    const handsOff = new Set(['a', 'gone'])
    const made = plan(
      { a: file(9), d: folder(4, { x: file(5, { size: 6 }) }) },
      [row(2, 'a'), row(3, 'gone'), folderRow(4, 'd')],
      {
        104: [],
      },
      { handsOff },
    )
    expect(kinds(made)).toEqual(['upload'])
    expect(made.removals).toEqual([])
  })

  test('a folder that one keeps one’s hands off is gone into', () => {
    const made = plan(
      { d: folder(4, { x: file(5) }) },
      [folderRow(4, 'd')],
      { 104: [] },
      { handsOff: new Set(['d']) },
    )
    expect(made.operations).toMatchObject([{ kind: 'upload', path: ['d', 'x'] }])
  })

  test('nothing is taken for deleted where the disk was not seen whole', () => {
    const listings = { [ROOT]: [there(102, 'a')] }
    expect(plan({}, [row(2, 'a')], listings).removals).toHaveLength(1)
    expect(plan({}, [row(2, 'a')], listings, { complete: false }).removals).toEqual([])
    expect(plan({}, [row(2, 'a')], {}, { complete: false, mode: 'backup' }).operations).toEqual([])
  })

  test('a deleted file: is it there, then the bin; a backup only forgets it', () => {
    expect(plan({}, [row(2, 'a')]).questions).toMatchObject([{ kind: 'list', folderID: ROOT }])
    expect(plan({}, [row(2, 'a')], {}, { mode: 'backup' }).operations).toMatchObject([
      { kind: 'forget', node: 2 },
    ])
  })

  test('what the cloud has of a row as a folder, or with other content, is not that row’s', () => {
    const asFolder = { [ROOT]: [there(102, 'a', { kind: 'folder' })] }
    expect(plan({}, [row(2, 'a')], asFolder).operations).toMatchObject([{ kind: 'forget' }])
    const other = { [ROOT]: [there(102, 'a', { md5: 'other' })] }
    expect(plan({}, [row(2, 'a')], other).operations).toMatchObject([{ kind: 'forget' }])
  })

  test('a folder with another number is the same folder, if nothing says otherwise', () => {
    expect(
      plan({ d: folder(9, { x: file(3) }) }, [folderRow(2, 'd', [row(3, 'x')])]).operations,
    ).toMatchObject([{ kind: 'record', node: 2, local: { kind: 'folder', ino: '9' } }])
  })

  test('a folder that has a deleted one’s number and nothing of its content is another', () => {
    const made = plan({ new: folder(2, { y: file(9) }) }, [folderRow(2, 'old', [row(3, 'x')])], {
      [ROOT]: [],
    })
    expect(kinds(made)).toContain('mkdir')
    expect(kinds(made)).not.toContain('relocate')
  })

  test('an older version that is still there goes to the bin before the newer takes its name', () => {
    const newer = row(2, 'a', { replaces: 150 })
    const listing = [there(102, 'a(1)'), there(150, 'a')]
    expect(plan({ a: file(2) }, [newer], { [ROOT]: listing }).operations).toMatchObject([
      { kind: 'discard', fileID: 150 },
    ])
    expect(plan({ a: file(2) }, [newer], { [ROOT]: [there(102, 'a(1)')] }).operations).toMatchObject([
      { kind: 'replaced' },
    ])
    expect(plan({ a: file(2) }, [row(2, 'a')], { [ROOT]: [there(102, 'a(1)')] }).operations).toMatchObject([
      { kind: 'relocate', to: { parentID: ROOT, name: 'a' } },
    ])
  })
})

describe('the base', () => {
  const tree = (): BaseTree => {
    let id = 50
    const made = new BaseTree(folderRow(0, ''), () => ++id as NodeId)
    made.load(made.root, [row(2, 'a'), folderRow(3, 'd', [row(4, 'x')])])
    return made
  }

  test('knows its rows, where they are, and how to find them', () => {
    const base = tree()
    expect(base.pathOf(4 as NodeId)).toEqual(['d', 'x'])
    expect(base.find(({ fileID }) => fileID === 104)?.name).toBe('x')
    expect(base.find(() => false)).toBeUndefined()
  })

  test('a row that still has a name that another takes loses it, and is not lost', () => {
    const base = tree()
    const { put } = base.apply({ kind: 'move', node: 4 as NodeId, parent: 0 as NodeId, name: 'a' })
    expect(put.map(({ row: { id, name } }) => [id, name])).toEqual([
      [2, 'a\u00002'],
      [4, 'a'],
    ])
    expect(base.pathOf(4 as NodeId)).toEqual(['a'])
    expect(base.get(2 as NodeId)?.name).toBe('a\u00002')
  })

  test('a folder goes with all that is below it', () => {
    const base = tree()
    expect(base.apply({ kind: 'drop', node: 3 as NodeId })).toEqual({ put: [], dropped: [3] })
    expect(base.get(4 as NodeId)).toBeUndefined()
  })

  test.each([
    { kind: 'drop', node: 99 as NodeId },
    { kind: 'facts', node: 99 as NodeId, local: file(1) },
    { kind: 'replaced', node: 99 as NodeId },
    { kind: 'move', node: 99 as NodeId, parent: 0 as NodeId, name: 'b' },
    { kind: 'move', node: 2 as NodeId, parent: 4 as NodeId, name: 'b' },
    {
      kind: 'put',
      node: undefined,
      parent: 99 as NodeId,
      name: 'b',
      local: file(1),
      entry: there(5, 'b'),
      replaces: undefined,
    },
  ] as const)('what is about no row any more changes nothing: $kind', (change) => {
    expect(tree().apply(change)).toEqual({ put: [], dropped: [] })
  })

  test('a step of which nobody says what came of it makes nothing of the base', () => {
    const place = { parent: 0 as NodeId, name: 'b' }
    const to = { parentID: ROOT, name: 'b' }
    expect(changeOf({ kind: 'mkdir', path: ['b'], place, to, ino: '1' })).toBeUndefined()
    expect(changeOf({ kind: 'discard', path: ['b'], fileID: 1, parentID: ROOT })).toBeUndefined()
  })
})

import { expect, test } from 'vitest'
import type { RemoteEntry } from '#app/sync/tree'
import { foldersIn } from '#main/engine/cloud-folders'
import { RemoteIndex } from '#main/transfers/remote-index'

const folder = (fileID: number, name: string): RemoteEntry => ({
  fileID,
  name,
  kind: 'folder',
  size: 0,
  md5: '',
})
const TREE: Readonly<Record<number, readonly RemoteEntry[]>> = {
  0: [folder(1, '照片'), { fileID: 2, name: 'a.txt', kind: 'file', size: 1, md5: '' }],
  1: [folder(3, '2025'), folder(4, '2026'), folder(5, '2026')],
}

function cloud(): {
  readonly index: RemoteIndex
  readonly listed: number[]
  readonly pass: (ms: number) => number
} {
  const listed: number[] = []
  let now = 1_000_000
  const list = (id: number) => {
    listed.push(id)
    return Promise.resolve(TREE[id] ?? [])
  }
  return { index: new RemoteIndex(list, () => now), listed, pass: (ms) => (now += ms) }
}

test('only folders, each name once, and each folder is listed once on a walk', async () => {
  const { index, listed, pass } = cloud()
  expect(await foldersIn(index, [], pass(0))).toEqual({ status: 'there', names: ['照片'] })
  expect(await foldersIn(index, ['照片'], pass(1000))).toEqual({ status: 'there', names: ['2025', '2026'] })
  expect(await foldersIn(index, ['照片', '2025'], pass(1000))).toEqual({ status: 'there', names: [] })
  expect(listed).toEqual([0, 1, 3])
  await foldersIn(index, [], pass(60_000))
  expect(listed).toEqual([0, 1, 3, 0])
})

test('a folder that is not there is new; where a file has its name there can be none', async () => {
  const { index, pass } = cloud()
  expect(await foldersIn(index, ['照片', '新', '更新'], pass(0))).toEqual({ status: 'new', names: [] })
  await expect(foldersIn(index, ['a.txt'], pass(0))).rejects.toMatchObject({ code: 'name-taken' })
})

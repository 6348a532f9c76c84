import { describe, expect, test } from 'vitest'
import { crumbsOf, waysFrom } from '../../../renderer/folder-search.ts'

describe('the folders to go into', () => {
  test.each([
    { name: 'nothing typed', typed: '', folders: ['文档', '照片', 'Photo 2', 'Photo 10'] },
    { name: 'a part of a name', typed: '片', folders: ['照片'], elsewhere: ['家', '片'] },
    {
      name: 'in other letters',
      typed: 'PHOTO',
      folders: ['Photo 2', 'Photo 10'],
      elsewhere: ['家', 'PHOTO'],
    },
    { name: 'a whole name', typed: ' 照片 ', folders: ['照片'] },
    { name: 'a path from here', typed: '照片/2026', folders: [], elsewhere: ['家', '照片', '2026'] },
    { name: 'a path from the root', typed: '/备份/', folders: [], elsewhere: ['备份'] },
    { name: 'the root', typed: '/', folders: [], elsewhere: [] },
  ])('$name', ({ typed, folders, elsewhere }) => {
    const ways = waysFrom(['家'], ['照片', 'Photo 10', 'Photo 2', '文档'], typed, 'zh-CN')
    expect({ ...ways, folders: [...ways.folders].sort() }).toEqual({
      folders: [...folders].sort(),
      more: 0,
      elsewhere,
    })
  })

  test('are in order: by number, and those first that begin with what was typed', () => {
    expect(waysFrom([], ['a10', 'a9', 'ba'], '', 'en').folders).toEqual(['a9', 'a10', 'ba'])
    expect(waysFrom([], ['ba', 'ab'], 'b', 'en').folders).toEqual(['ba', 'ab'])
  })

  test('are no more than can be drawn, and the rest is told', () => {
    const many = Array.from({ length: 5000 }, (_, no) => `${no}`)
    const ways = waysFrom([], many, '', 'en')
    expect([ways.folders.length, ways.more]).toEqual([200, 4800])
    expect(waysFrom([], many, '4999', 'en').folders).toEqual(['4999'])
  })

  test('do not lead to a name that the cloud does not take', () => {
    const ways = waysFrom([], [], 'a:b', 'en')
    expect(ways.elsewhere).toBeUndefined()
    expect(ways.problem).toMatchObject({ code: 'name-character', detail: ':' })
  })
})

test.each([
  { names: [], crumbs: [] },
  { names: ['a', 'b', 'c'], crumbs: ['a → /a', 'b → /a/b', 'c → /a/b/c'] },
  { names: ['a', 'b', 'c', 'd'], crumbs: ['… → /a/b', 'c → /a/b/c', 'd → /a/b/c/d'] },
])('the way to $names is $crumbs', ({ names, crumbs }) => {
  expect(crumbsOf(names).map(({ name, to }) => `${name ?? '…'} → /${to.join('/')}`)).toEqual(crumbs)
})

import { describe, expect, test } from 'vitest'
import type { Removal } from '#app/sync/plan'
import { gateRemovals, judgeRoot } from '#app/sync/safety'
import type { NodeId } from '#app/sync/tree'

const removal = (node: number, files = 1): Removal => ({
  path: [`f${node}`],
  node: node as NodeId,
  kind: 'file',
  ino: String(node),
  fileID: node,
  parentID: 0,
  files,
  holds: [],
})
const removals = (count: number): readonly Removal[] =>
  Array.from({ length: count }, (_, n) => removal(n + 1))
const nobody: ReadonlySet<NodeId> = new Set()

describe('how much goes to the bin without a yes', () => {
  test.each([
    { what: 'nothing', removed: removals(0), total: 0, waits: false },
    { what: 'the only file', removed: removals(1), total: 1, waits: false },
    { what: 'one of two', removed: removals(1), total: 2, waits: false },
    { what: 'both of two', removed: removals(2), total: 2, waits: true },
    { what: 'half', removed: removals(5), total: 10, waits: false },
    { what: 'more than half', removed: removals(6), total: 10, waits: true },
    { what: 'a thousand of very many', removed: removals(1000), total: 1_000_000, waits: false },
    { what: 'more than a thousand of very many', removed: removals(1001), total: 1_000_000, waits: true },
    {
      what: 'one folder with more than a thousand',
      removed: [removal(1, 1001)],
      total: 1_000_000,
      waits: true,
    },
    {
      what: 'many empty folders',
      removed: Array.from({ length: 50 }, (_, n) => removal(n, 0)),
      total: 1,
      waits: false,
    },
  ])('$what', ({ removed, total, waits }) => {
    const { allowed, held } = gateRemovals(removed, total, nobody)
    expect(held !== undefined).toBe(waits)
    expect(allowed).toEqual(waits ? [] : removed)
  })

  test('what waits is counted, and some of it named', () => {
    expect(gateRemovals(removals(60), 100, nobody).held).toEqual({
      files: 60,
      total: 100,
      examples: Array.from({ length: 50 }, (_, n) => `f${n + 1}`),
    })
  })

  test('a yes is for what was asked about, and for nothing that comes later', () => {
    const approved = new Set([1, 2, 3, 4, 5, 6].map((id) => id as NodeId))
    expect(gateRemovals(removals(6), 10, approved)).toEqual({ allowed: removals(6), held: undefined })
    const { allowed, held } = gateRemovals(removals(16), 17, approved)
    expect(allowed).toEqual(removals(6))
    expect(held?.files).toBe(10)
  })
})

describe('whether a folder is the one the pair was made for', () => {
  const known = { dev: '1', ino: '2' }
  const seen = { ...known, marks: ['me'], isEmpty: false }
  test.each([
    { what: 'as it was', now: seen, entries: 9, verdict: 'same' },
    {
      what: 'on another disk, with its marker',
      now: { ...seen, dev: '7', ino: '8' },
      entries: 9,
      verdict: 'same',
    },
    {
      what: 'without its marker, where it was',
      now: { ...seen, marks: undefined },
      entries: 9,
      verdict: 'same',
    },
    {
      what: 'with others’ markers, where it was',
      now: { ...seen, marks: ['other'] },
      entries: 9,
      verdict: 'same',
    },
    {
      what: 'another one',
      now: { ...seen, ino: '8', marks: undefined },
      entries: 9,
      verdict: 'root-replaced',
    },
    {
      what: 'another one, marked for others',
      now: { ...seen, dev: '7', marks: ['other'] },
      entries: 9,
      verdict: 'root-replaced',
    },
    { what: 'empty, and was not', now: { ...seen, isEmpty: true }, entries: 2, verdict: 'root-emptied' },
    { what: 'empty, and had one file', now: { ...seen, isEmpty: true }, entries: 1, verdict: 'same' },
    { what: 'empty as ever', now: { ...seen, isEmpty: true }, entries: 0, verdict: 'same' },
  ])('$what: $verdict', ({ now, entries, verdict }) => {
    expect(judgeRoot(known, now, 'me', entries)).toBe(verdict)
  })
})

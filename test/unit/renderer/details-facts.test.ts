import { beforeEach, describe, expect, test } from 'vitest'
import type { TransferDetails } from '#app/details'
import type { Transfer } from '#app/transfer'
import { factsAsText, factsOf, sliceCells } from '../../../renderer/details-facts.ts'
import { i18n, useWords } from '../../../renderer/words.ts'
import { done, paused, transfer } from './samples.ts'

beforeEach(() => {
  i18n.global.locale.value = 'en'
})

const MB = 1024 ** 2
const facts = (it: Transfer, details?: Partial<TransferDetails>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    factsOf(it, details && { transfer: it, failures: 0, sentBytes: 0, ...details }, useWords()).map(
      ({ label, value }) => [label, value],
    ),
  )

describe('what is known of a transfer', () => {
  test('is what its row knows, before the rest has come', () => {
    expect(facts(transfer('a.raw', paused))).toMatchObject({ State: 'Paused', 'In 123pan': '/照片/a.raw' })
  })

  test('then also how far it is, and how it went', () => {
    const it = transfer('a.raw', paused, { size: 100 * MB, keptBytes: 48 * MB })
    const slices = {
      sizeBytes: 16 * MB,
      count: 7,
      done: [
        { from: 1, end: 3 },
        { from: 5, end: 6 },
      ],
    }
    expect(facts(it, { md5: 'abc', slices, failures: 2, sentBytes: 64 * MB })).toMatchObject({
      MD5: 'abc',
      Slices: '3 of 7 uploaded, 16 MB each',
      'Sent so far': '48 / 100 MB (48%)',
      'Data sent': '64 MB',
      'Failed attempts': '2 times',
    })
  })

  test('of one that is done says how it got there, and that nothing was sent where nothing was', () => {
    expect(facts(transfer('a', done('instant')), {})).toMatchObject({
      Method: 'Already in 123pan',
      'Data sent': '0 B',
    })
  })

  test('reads as text, a line each', () => {
    expect(
      factsAsText('a.raw', [{ label: 'State', value: 'Done' }], [{ label: 'Trace ID', value: 'T' }]),
    ).toBe('a.raw\nState: Done\nTrace ID: T')
  })
})

describe('the map of slices', () => {
  test('has a cell for each while there is room', () => {
    expect(sliceCells({ sizeBytes: 1, count: 4, done: [{ from: 2, end: 4 }] }, 10)).toEqual([0, 1, 1, 0])
  })

  test('shares cells out where there is not, the last one among fewer', () => {
    const done = [
      { from: 1, end: 4 },
      { from: 7, end: 8 },
    ]
    expect(sliceCells({ sizeBytes: 1, count: 7, done }, 4)).toEqual([1, 0.5, 0, 1])
  })

  test.each([1, 159, 160, 161, 640, 10_000])(
    'of %d slices has no more cells than fit, and is full when all are there',
    (count) => {
      const cells = sliceCells({ sizeBytes: 1, count, done: [{ from: 1, end: count + 1 }] }, 160)
      expect(cells.length).toBeLessThanOrEqual(160)
      expect(cells.every((fraction) => fraction === 1)).toBe(true)
    },
  )
})

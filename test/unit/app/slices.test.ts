import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MAX_FILE_BYTES, planSlices, sliceAt, sliceCount, rangesOf } from '#app/slices'

const MiB = 1024 ** 2
const GiB = 1024 ** 3

/** Any file the platform takes, and a slice size that makes at most some thousand slices; both lean to the edges. */
const fileAndSliceSize = fc
  .oneof(
    fc.integer({ min: 0, max: 1000 }),
    fc.integer({ min: 0, max: MAX_FILE_BYTES }),
    fc.constantFrom(0, 1, 16 * MiB - 1, 16 * MiB, 16 * MiB + 1, 2 ** 31, 2 ** 32 + 1, MAX_FILE_BYTES),
  )
  .chain((size) => {
    const least = Math.max(1, Math.ceil(size / 3000))
    const sliceSize = fc.oneof(
      fc.integer({ min: least, max: 64 * MiB }),
      fc.constantFrom(least, Math.max(1, size - 1), Math.max(1, size), size + 1, 16 * MiB, 32 * MiB),
    )
    return fc.record({ size: fc.constant(size), sliceSize })
  })

test('the slices of any file cover it exactly once, in order, each as long as the platform said but the last', () => {
  fc.assert(
    fc.property(fileAndSliceSize, ({ size, sliceSize }) => {
      const slices = planSlices(size, sliceSize)
      let position = 0
      for (const [index, { no, start, end }] of slices.entries()) {
        const isLast = index === slices.length - 1
        // Compared by hand: a thousand matchers a run would take a minute.
        if (no !== index + 1 || start !== position) throw new Error(`slice ${no} begins at ${start}`)
        if (isLast ? end - start > sliceSize : end - start !== sliceSize)
          throw new Error(`slice ${no} ends at ${end}`)
        if (end === start && size > 0) throw new Error(`slice ${no} is empty`)
        position = end
      }
      expect(position).toBe(size)
    }),
  )
})

test('one slice by its number is the same as in the plan, and the plan is as long as the count says', () => {
  fc.assert(
    fc.property(fileAndSliceSize, fc.nat(), ({ size, sliceSize }, pick) => {
      const slices = planSlices(size, sliceSize)
      expect(sliceCount(size, sliceSize)).toBe(slices.length)
      const no = (pick % slices.length) + 1
      expect(sliceAt(no, size, sliceSize)).toEqual(slices[no - 1])
    }),
  )
})

test.each([
  { name: 'nothing in it: one empty slice', size: 0, sliceSize: 16 * MiB, lengths: [0] },
  { name: 'one byte', size: 1, sliceSize: 16 * MiB, lengths: [1] },
  { name: 'exactly one slice', size: 16 * MiB, sliceSize: 16 * MiB, lengths: [16 * MiB] },
  { name: 'one byte more than a slice', size: 16 * MiB + 1, sliceSize: 16 * MiB, lengths: [16 * MiB, 1] },
  { name: 'exactly two slices', size: 32 * MiB, sliceSize: 16 * MiB, lengths: [16 * MiB, 16 * MiB] },
  {
    name: "the spec's example",
    size: 50_650_928,
    sliceSize: 16_777_216,
    lengths: [16_777_216, 16_777_216, 16_777_216, 319_280],
  },
])('a file with $name', ({ size, sliceSize, lengths }) => {
  expect(planSlices(size, sliceSize).map(({ start, end }) => end - start)).toEqual(lengths)
})

test('the largest file goes up in 640 slices of 16 MiB', () => {
  expect(MAX_FILE_BYTES).toBe(10 * GiB)
  expect(planSlices(MAX_FILE_BYTES, 16 * MiB).at(-1)).toEqual({
    no: 640,
    start: 10 * GiB - 16 * MiB,
    end: 10 * GiB,
  })
})

test.each([
  { numbers: [], ranges: [] },
  { numbers: [4], ranges: [{ from: 4, end: 5 }] },
  {
    numbers: [3, 1, 2, 2, 7, 6, 9],
    ranges: [
      { from: 1, end: 4 },
      { from: 6, end: 8 },
      { from: 9, end: 10 },
    ],
  },
])('numbers $numbers as ranges', ({ numbers, ranges }) => {
  expect(rangesOf(numbers)).toEqual(ranges)
})

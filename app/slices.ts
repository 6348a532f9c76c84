/** The largest file the platform takes from a developer (spec: 10GB; design 3.1: 10 GiB). */
export const MAX_FILE_BYTES = 10 * 1024 ** 3
/** The largest file for the single-step endpoint (spec: 1GB, taken as decimal to be safe). */
export const MAX_SINGLE_BYTES = 1_000_000_000
/** The slice size to expect until the platform has named one. */
export const FIRST_SLICE_BYTES = 16 * 1024 ** 2

/** More slices than this no platform means: the largest file has 640 of the usual size. */
export const MAX_SLICES = 10_000

/** A byte range of a file; `no` counts from 1 as the platform does, `end` is exclusive. */
export interface Slice {
  readonly no: number
  readonly start: number
  readonly end: number
}

export function sliceCount(size: number, sliceSize: number): number {
  return Math.max(1, Math.ceil(size / sliceSize))
}

export function sliceAt(no: number, size: number, sliceSize: number): Slice {
  const start = (no - 1) * sliceSize
  return { no, start, end: Math.min(size, start + sliceSize) }
}

/** Every slice of a file, in order: together they cover it exactly once. */
export function planSlices(size: number, sliceSize: number): readonly Slice[] {
  return Array.from({ length: sliceCount(size, sliceSize) }, (_, index) =>
    sliceAt(index + 1, size, sliceSize),
  )
}

/** Numbers of slices that follow one another; `end` is exclusive. */
export interface SliceRange {
  readonly from: number
  readonly end: number
}

/** As few ranges as hold these numbers, in order. */
export function rangesOf(numbers: Iterable<number>): readonly SliceRange[] {
  const ranges: { from: number; end: number }[] = []
  for (const no of [...new Set(numbers)].sort((one, other) => one - other)) {
    const last = ranges.at(-1)
    if (last?.end === no) last.end += 1
    else ranges.push({ from: no, end: no + 1 })
  }
  return ranges
}

import { describe, expect, test } from 'vitest'
import { fails, sizeFor } from '#test/sync/check-plans'
import type { CaseSize } from '#test/sync/cases'

/** New cases for every day, the same ones all day: a failure that is told here is there for whoever looks. */
const TODAY = Math.floor(Date.now() / 86_400_000) * 10_000
const CASES = 2000

/** Seeds that failed once, as small as they could be made. */
const ONCE: readonly (readonly [seed: number, size: CaseSize, what: string])[] = [
  [
    0,
    { nodes: 1, localEdits: 0, remoteEdits: 4 },
    'another client’s folder has the name of one of ours that it renamed',
  ],
  [
    41,
    { nodes: 17, localEdits: 9, remoteEdits: 0 },
    'a folder takes the name of the deleted one that it was in',
  ],
  [60, { nodes: 24, localEdits: 8, remoteEdits: 0 }, 'a file waits for a folder that can’t go'],
  [
    126,
    { nodes: 17, localEdits: 3, remoteEdits: 0 },
    'a file takes the name of the deleted folder that it was in',
  ],
  [
    176,
    { nodes: 14, localEdits: 7, remoteEdits: 1 },
    'part of a deleted folder was gone in the cloud already',
  ],
  [3445, { nodes: 25, localEdits: 7, remoteEdits: 4 }, 'the platform’s suffix is another file’s name'],
  [3515, { nodes: 8, localEdits: 7, remoteEdits: 0 }, 'the answer to a removal got lost'],
  [
    5881,
    { nodes: 17, localEdits: 4, remoteEdits: 3 },
    'another client moved a folder into the one that is moved into it',
  ],
  [
    27875,
    { nodes: 21, localEdits: 10, remoteEdits: 3 },
    'what is in the way is inside of what is moved, and can’t leave',
  ],
  [34101, { nodes: 25, localEdits: 5, remoteEdits: 0 }, 'two moved files whose names are twins'],
  [
    32432,
    { nodes: 12, localEdits: 5, remoteEdits: 3 },
    'a deleted folder holds one that holds somebody else’s file',
  ],
  [
    43465,
    { nodes: 24, localEdits: 6, remoteEdits: 4 },
    'inside of a moved folder, another client’s folder has a name of ours',
  ],
]

describe('random trees, planned and carried out in random order until nothing is left', () => {
  test(`seeds from ${TODAY}`, () => {
    const failures: string[] = []
    for (let seed = TODAY; seed < TODAY + CASES; seed++) {
      const why = fails(seed, sizeFor(seed))
      if (why !== undefined) failures.push(`seed ${seed}: ${why}`)
    }
    expect(failures).toEqual([])
  })

  test.each(ONCE)('seed %i, %o: %s', (seed, size) => {
    expect(fails(seed, size)).toBeUndefined()
  })
})

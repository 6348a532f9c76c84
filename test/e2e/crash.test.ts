import { expect, test } from 'vitest'
import { runRound } from '../crash/round.ts'

/** A slice of `npm run crash`: kill -9 at random moments, and every file arrives once and whole. */
const FIRST_SEED = 20_261_124
const ROUNDS = 20

test.concurrent.each(Array.from({ length: ROUNDS }, (_, round) => FIRST_SEED + round))(
  'killed again and again, seed %i',
  async (seed) => {
    expect((await runRound(seed)).problems).toEqual([])
  },
)

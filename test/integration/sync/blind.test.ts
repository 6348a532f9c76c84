import { expect, test } from 'vitest'
import { withFewWatches } from '#test/sync/few-watches'

test('where nothing can be watched, what changes is found by looking, and goes up', () => {
  expect(JSON.parse(withFewWatches(20, 'blind-probe'))).toMatchObject({ kind: 'scans', why: 'watch-limit' })
})

import { expect, test } from 'vitest'
import { tokenLife } from '../../../renderer/token-life.ts'

const NOW = 1_800_000_000_000
const DAY = 24 * 60 * 60_000

test.each([
  ['never said', undefined, 'unknown'],
  ['in a month', NOW + 30 * DAY, 'valid'],
  ['in a week', NOW + 7 * DAY, 'valid'],
  ['in less than a week', NOW + 7 * DAY - 1, 'soon'],
  ['in a moment', NOW + 1, 'soon'],
  ['now', NOW, 'expired'],
  ['long ago', 0, 'expired'],
])('a token that ends %s', (_name, expiresAt, kind) => {
  const life = tokenLife(expiresAt === undefined ? {} : { expiresAt }, NOW)
  expect(life.kind).toBe(kind)
  if ('until' in life) expect(life.until).toBe(expiresAt)
})

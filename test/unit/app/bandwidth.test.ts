import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  limitAt,
  nextChange,
  NO_UP_LIMIT,
  type LimitedHours,
  type LocalTime,
  type UpLimit,
} from '#app/bandwidth'

const SUNDAY = 0
const MONDAY = 1
const FRIDAY = 5
const SATURDAY = 6
const WORKDAYS = [1, 2, 3, 4, 5]
const WEEK = 7 * 24 * 60

const hours = (days: readonly number[], span: string, bytesPerSecond: number | undefined): LimitedHours => {
  const [from = '', to = ''] = span.split('-')
  return { days, from, to, bytesPerSecond }
}
const always = (bytesPerSecond: number | undefined, ...timetable: LimitedHours[]): UpLimit => ({
  bytesPerSecond,
  timetable,
})
const at = (day: number, time: string): LocalTime => {
  const [hour, minute] = time.split(':')
  return { day, minutes: Number(hour) * 60 + Number(minute) }
}
const minuteOf = (minute: number): LocalTime => ({
  day: Math.floor((minute % WEEK) / 1440),
  minutes: minute % 1440,
})

const OFFICE = always(900, hours(WORKDAYS, '08:00-18:00', 100))
const NIGHT = always(100, hours([FRIDAY], '22:30-06:00', undefined))
const DAY_OFF = always(100, hours([SATURDAY], '09:00-09:00', undefined))
const LATE_SATURDAY = always(undefined, hours([SATURDAY], '23:00-01:00', 7))
const OVERLAP = always(1, hours([MONDAY], '10:00-12:00', 2), hours([MONDAY], '09:00-17:00', 3))

describe('the limit that holds', () => {
  test.each([
    { name: 'nothing set', limit: NO_UP_LIMIT, now: at(MONDAY, '12:00'), holds: undefined },
    { name: 'no timetable', limit: always(5), now: at(MONDAY, '12:00'), holds: 5 },
    { name: 'the minute before', limit: OFFICE, now: at(MONDAY, '07:59'), holds: 900 },
    { name: 'from the first minute', limit: OFFICE, now: at(MONDAY, '08:00'), holds: 100 },
    { name: 'to the last minute', limit: OFFICE, now: at(FRIDAY, '17:59'), holds: 100 },
    { name: 'no longer at the end', limit: OFFICE, now: at(FRIDAY, '18:00'), holds: 900 },
    { name: 'not on another day', limit: OFFICE, now: at(SUNDAY, '12:00'), holds: 900 },
    { name: 'in the evening of a night', limit: NIGHT, now: at(FRIDAY, '22:30'), holds: undefined },
    { name: 'past midnight, on the next day', limit: NIGHT, now: at(SATURDAY, '05:59'), holds: undefined },
    { name: 'when the night is over', limit: NIGHT, now: at(SATURDAY, '06:00'), holds: 100 },
    { name: 'not in the morning before the night', limit: NIGHT, now: at(FRIDAY, '03:00'), holds: 100 },
    { name: 'not in the next evening', limit: NIGHT, now: at(SATURDAY, '23:00'), holds: 100 },
    { name: 'from Saturday into Sunday', limit: LATE_SATURDAY, now: at(SUNDAY, '00:59'), holds: 7 },
    { name: 'the whole day, from midnight', limit: DAY_OFF, now: at(SATURDAY, '00:00'), holds: undefined },
    { name: 'the whole day, to midnight', limit: DAY_OFF, now: at(SATURDAY, '23:59'), holds: undefined },
    { name: 'the whole day and no longer', limit: DAY_OFF, now: at(SUNDAY, '00:00'), holds: 100 },
    { name: 'the earlier of two rows', limit: OVERLAP, now: at(MONDAY, '11:00'), holds: 2 },
    { name: 'the later row around the earlier', limit: OVERLAP, now: at(MONDAY, '12:00'), holds: 3 },
    {
      name: 'until 24:00',
      limit: always(1, hours([MONDAY], '20:00-24:00', 2)),
      now: at(MONDAY, '23:59'),
      holds: 2,
    },
    ...['25:00-26:00', '8:00-9:00', '24:01-09:00', '10:60-12:00', 'x-y', '-'].map((span) => ({
      name: `never: ${span}`,
      limit: always(1, hours(WORKDAYS, span, 2)),
      now: at(MONDAY, '08:30'),
      holds: 1,
    })),
  ])('$name', ({ limit, now, holds }) => {
    expect(limitAt(limit, now)).toBe(holds)
  })
})

describe('minutes until another limit holds', () => {
  test.each([
    { name: 'never, without a timetable', limit: always(5), now: at(MONDAY, '12:00'), wait: undefined },
    { name: 'until it begins', limit: OFFICE, now: at(MONDAY, '07:59'), wait: 1 },
    { name: 'until it ends', limit: OFFICE, now: at(MONDAY, '08:00'), wait: 600 },
    { name: 'over the weekend', limit: OFFICE, now: at(FRIDAY, '18:00'), wait: 2 * 1440 + 14 * 60 },
    { name: 'past midnight', limit: NIGHT, now: at(FRIDAY, '23:00'), wait: 7 * 60 },
    { name: 'a whole day', limit: DAY_OFF, now: at(SATURDAY, '00:00'), wait: 1440 },
    { name: 'from Saturday into Sunday', limit: LATE_SATURDAY, now: at(SATURDAY, '23:30'), wait: 90 },
    { name: 'between two rows', limit: OVERLAP, now: at(MONDAY, '09:30'), wait: 30 },
    {
      name: 'never, when the rows say what holds anyway',
      limit: always(5, hours(WORKDAYS, '08:00-09:00', 5)),
      now: at(MONDAY, '07:00'),
      wait: undefined,
    },
    {
      name: 'never, when a row holds all week',
      limit: always(5, hours([0, 1, 2, 3, 4, 5, 6], '00:00-24:00', 6)),
      now: at(MONDAY, '07:00'),
      wait: undefined,
    },
    {
      name: 'never, when the row names no time',
      limit: always(5, hours(WORKDAYS, 'x-y', 6)),
      now: at(MONDAY, '07:00'),
      wait: undefined,
    },
  ])('$name', ({ limit, now, wait }) => {
    expect(nextChange(limit, now)).toBe(wait)
  })

  test('for any timetable: nothing changes before, and something does then', () => {
    const time = fc
      .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 1, 30, 59))
      .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`)
    const speed = fc.constantFrom(undefined, 100, 200)
    const row = fc.record({
      days: fc.uniqueArray(fc.integer({ min: 0, max: 6 })),
      from: time,
      to: time,
      bytesPerSecond: speed,
    })
    const limits = fc.record({ bytesPerSecond: speed, timetable: fc.array(row, { maxLength: 4 }) })
    fc.assert(
      fc.property(limits, fc.nat({ max: WEEK - 1 }), (limit, minute) => {
        const wait = nextChange(limit, minuteOf(minute))
        const present = limitAt(limit, minuteOf(minute))
        for (let later = 1; later < (wait ?? WEEK); later++)
          if (limitAt(limit, minuteOf(minute + later)) !== present) throw new Error(`Changes after ${later}`)
        if (wait !== undefined) expect(limitAt(limit, minuteOf(minute + wait))).not.toBe(present)
      }),
    )
  })
})

import type { LimitedHours } from '#app/bandwidth'
import { FIRST_LIMIT } from './limit.ts'

type Timetable = readonly LimitedHours[]

/** What a person who adds hours begins with. */
export const NEW_HOURS: LimitedHours = {
  days: [1, 2, 3, 4, 5],
  from: '09:00',
  to: '18:00',
  bytesPerSecond: FIRST_LIMIT,
}

export function replaced(timetable: Timetable, index: number, hours: LimitedHours): Timetable {
  return timetable.with(index, hours)
}

export function removed(timetable: Timetable, index: number): Timetable {
  return timetable.toSpliced(index, 1)
}

/** Before the one above it, which it then outranks. */
export function movedUp(timetable: Timetable, index: number): Timetable {
  const [hours, above] = [timetable[index], timetable[index - 1]]
  return hours && above ? timetable.with(index - 1, hours).with(index, above) : timetable
}

export function withDay(hours: LimitedHours, day: number, chosen: boolean): LimitedHours {
  const others = hours.days.filter((other) => other !== day)
  return { ...hours, days: chosen ? [...others, day].sort((one, other) => one - other) : others }
}

/** A field for times knows no 24:00. */
export function shownTime(time: string): string {
  return time === '24:00' ? '00:00' : time
}

/** What their end needs said beside it. */
export function endOf({ from, to }: LimitedHours): 'all-day' | 'next-day' | 'same-day' {
  const [start, end] = [shownTime(from), shownTime(to)]
  if (start === end) return 'all-day'
  return end < start ? 'next-day' : 'same-day'
}

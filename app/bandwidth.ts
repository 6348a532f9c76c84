/** How fast files may go up, as the person set it: always, and at hours of the week. */
export interface UpLimit {
  /** Bytes per second, more than 0, outside the timetable; undefined is no limit. */
  readonly bytesPerSecond: number | undefined
  /** Where rows overlap, the earlier one holds. */
  readonly timetable: readonly LimitedHours[]
}

/** Hours with a limit of their own. */
export interface LimitedHours {
  /** On which they begin; 0 is Sunday. */
  readonly days: readonly number[]
  /** `HH:MM`, local time. */
  readonly from: string
  /** `HH:MM`, exclusive. Before `from` it is meant on the next day; the same as `from` means all of the day, from midnight. */
  readonly to: string
  /** Undefined is no limit. */
  readonly bytesPerSecond: number | undefined
}

export const NO_UP_LIMIT: UpLimit = { bytesPerSecond: undefined, timetable: [] }

/** A minute of the week as the clock on the wall shows it. */
export interface LocalTime {
  /** 0 is Sunday. */
  readonly day: number
  /** Since midnight. */
  readonly minutes: number
}

const DAY_MINUTES = 24 * 60
const WEEK_MINUTES = 7 * DAY_MINUTES

/** The limit that holds then, in bytes per second; undefined is none. A row that names no time of day holds never. */
export function limitAt(limit: UpLimit, local: LocalTime): number | undefined {
  const row = limit.timetable.find((hours) => holds(hours, local))
  return row ? row.bytesPerSecond : limit.bytesPerSecond
}

/** In how many minutes another limit will hold than does now; undefined when that never happens. */
export function nextChange(limit: UpLimit, local: LocalTime): number | undefined {
  const now = local.day * DAY_MINUTES + local.minutes
  const present = limitAt(limit, local)
  return limit.timetable
    .flatMap(boundaries)
    .map((minute) => (minute - now + WEEK_MINUTES) % WEEK_MINUTES)
    .sort((one, other) => one - other)
    .find((wait) => limitAt(limit, localAt(now + wait)) !== present)
}

function holds({ days, from, to }: LimitedHours, { day, minutes }: LocalTime): boolean {
  const start = minutesOf(from)
  const end = minutesOf(to)
  if (start === undefined || end === undefined) return false
  const began = (on: number): boolean => days.includes(on)
  if (start === end) return began(day)
  if (start < end) return began(day) && minutes >= start && minutes < end
  return (began(day) && minutes >= start) || (began((day + 6) % 7) && minutes < end)
}

/** The minutes of the week at which a row may begin or cease to hold. */
function boundaries({ days, from, to }: LimitedHours): readonly number[] {
  const start = minutesOf(from)
  const end = minutesOf(to)
  if (start === undefined || end === undefined) return []
  const [first, last] = start === end ? [0, DAY_MINUTES] : [start, start < end ? end : end + DAY_MINUTES]
  return days.flatMap((day) => [day * DAY_MINUTES + first, day * DAY_MINUTES + last])
}

function localAt(minuteOfWeek: number): LocalTime {
  const minute = minuteOfWeek % WEEK_MINUTES
  return { day: Math.floor(minute / DAY_MINUTES), minutes: minute % DAY_MINUTES }
}

/** `24:00` is the end of the day. */
function minutesOf(time: string): number | undefined {
  const [, hours, minutes] = /^([01]\d|2[0-4]):([0-5]\d)$/u.exec(time) ?? []
  const total = Number(hours) * 60 + Number(minutes)
  return total <= DAY_MINUTES ? total : undefined
}

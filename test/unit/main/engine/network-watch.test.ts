import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { DriveError } from '#app/errors'
import { NetworkWatch, ownAddresses } from '#main/engine/network-watch'
import { deferred, settled, type Deferred } from '#test/deferred'

vi.mock('node:os')

/** The longest that passes between two looks. */
const LOOK_MS = 3500

let addresses: readonly string[]
let questions: { readonly signal: AbortSignal; readonly answer: Deferred<void> }[]
let heard: string[]
let quiet: boolean
let watch: NetworkWatch

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 })
  addresses = ['192.168.1.7', '2001:db8::7']
  questions = []
  heard = []
  quiet = false
  watch = new NetworkWatch({
    now: Date.now,
    random: () => 0.999,
    addresses: () => addresses,
    ask: (signal) => {
      const answer = deferred()
      questions.push({ signal, answer })
      return answer.promise
    },
    isQuiet: () => quiet,
    onAstray: () => heard.push('astray'),
    onLost: ({ code }) => heard.push(`lost: ${code}`),
    onBack: () => heard.push('back'),
  })
})
afterEach(() => {
  watch.stop()
  vi.useRealTimers()
})

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

/** The machine's clock goes on, its timers do not. */
function sleepFor(ms: number): void {
  vi.setSystemTime(Date.now() + ms)
}

const refuse = (index: number, error = new DriveError('offline', 'nobody')): Promise<void> => {
  questions[index]?.answer.reject(error)
  return settled()
}

describe('a platform that nobody misses', () => {
  test('is not asked, and nothing happens', async () => {
    await pass(3_600_000)
    expect(questions).toEqual([])
    expect(heard).toEqual([])
  })
})

describe('a platform that is missed', () => {
  test('is asked until it answers, five seconds never passing between two questions', async () => {
    watch.miss()
    for (let asked = 1; asked <= 20; asked++) {
      await pass(LOOK_MS)
      expect(questions).toHaveLength(asked)
      await refuse(asked - 1)
    }
    expect(heard).toEqual([])
    await pass(LOOK_MS)
    questions.at(-1)?.answer.resolve()
    await settled()
    expect(heard).toEqual(['back'])
    await pass(60_000)
    expect(questions).toHaveLength(21)
  })

  test('is missed again when it is gone again', async () => {
    for (let time = 1; time <= 5; time++) {
      watch.miss()
      await pass(LOOK_MS)
      await refuse(questions.length - 1)
      await pass(LOOK_MS)
      questions.at(-1)?.answer.resolve()
      await settled()
      expect(heard).toHaveLength(time)
    }
  })

  test('may answer late: the first answer counts, and no other one', async () => {
    watch.miss()
    await pass(LOOK_MS)
    await pass(LOOK_MS)
    expect(questions.map(({ signal }) => signal.aborted)).toEqual([false, false])
    questions[0]?.answer.resolve()
    await settled()
    expect(questions[1]?.signal.aborted).toBe(true)
    questions[1]?.answer.resolve()
    await settled()
    expect(heard).toEqual(['back'])
  })

  test('and was there all the time is asked less and less often: it is something else that is missed', async () => {
    const gaps: number[] = []
    for (let time = 0; time < 8; time++) {
      const since = Date.now()
      watch.miss()
      while (questions.length <= time) await pass(LOOK_MS)
      gaps.push(Date.now() - since)
      questions.at(-1)?.answer.resolve()
      await settled()
    }
    expect(heard).toHaveLength(8)
    expect(gaps.map((gap) => Math.floor(gap / 5000))).toEqual([0, 1, 2, 4, 8, 12, 12, 12])
    // Later it is another matter.
    await pass(60_000)
    watch.miss()
    await pass(LOOK_MS)
    expect(questions).toHaveLength(9)
    questions[8]?.answer.resolve()
    await settled()
    // One that was really gone is asked as often as ever.
    watch.miss()
    while (questions.length < 10) await pass(LOOK_MS)
    await refuse(9)
    await pass(LOOK_MS)
    questions[10]?.answer.resolve()
    await settled()
    watch.miss()
    await pass(LOOK_MS)
    expect(questions).toHaveLength(12)
  })

  test('behind a proxy that wants other credentials is asked as rarely as it says', async () => {
    watch.miss()
    await pass(LOOK_MS)
    await refuse(0, new DriveError('proxy-failed', 'credentials', { retryAfterMs: 60_000 }))
    await pass(55_000)
    expect(questions).toHaveLength(1)
    await pass(10_000)
    expect(questions).toHaveLength(2)
  })

  test('and at once when the proxy was changed', async () => {
    watch.miss()
    await pass(LOOK_MS)
    await refuse(0, new DriveError('proxy-failed', 'credentials', { retryAfterMs: 60_000 }))
    watch.rebase()
    await pass(LOOK_MS)
    expect(questions).toHaveLength(2)
  })

  test('is asked no more when all is stopped', async () => {
    watch.miss()
    await pass(LOOK_MS)
    watch.stop()
    expect(questions[0]?.signal.aborted).toBe(true)
    questions[0]?.answer.resolve()
    await pass(60_000)
    expect(questions).toHaveLength(1)
    expect(heard).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('when it is quiet', () => {
  test('the platform is asked, and who answers may take as long as it likes', async () => {
    quiet = true
    await pass(LOOK_MS)
    expect(questions).toHaveLength(0)
    await pass(LOOK_MS)
    expect(questions).toHaveLength(1)
    questions[0]?.answer.resolve()
    await pass(25_000)
    expect(questions).toHaveLength(1)
    await pass(10_000)
    expect(questions).toHaveLength(2)
    expect(heard).toEqual([])
  })

  test('for a moment only, it is not asked', async () => {
    for (let time = 0; time < 20; time++) {
      quiet = time % 2 === 0
      await pass(LOOK_MS)
    }
    expect(questions).toEqual([])
  })

  test('and the platform does not answer, it is gone, and asked until it is back', async () => {
    quiet = true
    await pass(2 * LOOK_MS)
    await refuse(0, new DriveError('timeout', 'no byte moved'))
    expect(heard).toEqual(['lost: timeout'])
    quiet = false
    await pass(LOOK_MS)
    expect(questions).toHaveLength(2)
    questions[1]?.answer.resolve()
    await settled()
    expect(heard).toEqual(['lost: timeout', 'back'])
  })

  test('but something moves again before that is known, nothing is lost', async () => {
    quiet = true
    await pass(2 * LOOK_MS)
    quiet = false
    await refuse(0)
    expect(heard).toEqual([])
  })

  test('and somebody has missed it in the meantime, it is said by them', async () => {
    quiet = true
    await pass(2 * LOOK_MS)
    watch.miss()
    await refuse(0)
    expect(heard).toEqual([])
    await pass(LOOK_MS)
    expect(questions).toHaveLength(2)
  })

  test('behind a proxy that wants other credentials, that is what is said, and it is left alone', async () => {
    quiet = true
    await pass(2 * LOOK_MS)
    await refuse(0, new DriveError('proxy-failed', 'credentials', { retryAfterMs: 60_000 }))
    expect(heard).toEqual(['lost: proxy-failed'])
    await pass(55_000)
    expect(questions).toHaveLength(1)
  })
})

describe('what is open leads nowhere', () => {
  test('after a sleep, and that is said once', async () => {
    await pass(LOOK_MS * 3)
    sleepFor(3_600_000)
    await pass(LOOK_MS)
    expect(heard).toEqual(['astray'])
    await pass(60_000)
    expect(heard).toEqual(['astray'])
  })

  test('but not after a moment in which the thread was busy', async () => {
    sleepFor(8000)
    await pass(60_000)
    expect(heard).toEqual([])
  })

  test('nor when the clock was set back', async () => {
    sleepFor(-3_600_000)
    await pass(60_000)
    expect(heard).toEqual([])
  })

  test.each([
    { name: 'one is gone', now: ['192.168.1.7'], astray: true },
    { name: 'one is another', now: ['10.0.0.3', '2001:db8::7'], astray: true },
    { name: 'all are gone', now: [], astray: true },
    { name: 'one more came', now: ['192.168.1.7', '2001:db8::7', '10.8.0.2'], astray: false },
    { name: 'they are told in another order', now: ['2001:db8::7', '192.168.1.7'], astray: false },
  ])('of the addresses: $name: $astray', async ({ now, astray }) => {
    addresses = now
    await pass(LOOK_MS)
    expect(heard).toEqual(astray ? ['astray'] : [])
    await pass(60_000)
    expect(heard).toHaveLength(astray ? 1 : 0)
  })

  test('and when somebody else has noticed first, it is not said twice', async () => {
    sleepFor(3_600_000)
    addresses = ['10.0.0.3']
    watch.rebase()
    await pass(60_000)
    expect(heard).toEqual([])
  })

  test('and who is missed by then is asked at once', async () => {
    watch.miss()
    await pass(LOOK_MS)
    await refuse(0, new DriveError('proxy-failed', 'credentials', { retryAfterMs: 60_000 }))
    addresses = ['10.0.0.3', '2001:db8::7']
    await pass(LOOK_MS)
    expect(heard).toEqual(['astray'])
    expect(questions).toHaveLength(2)
  })
})

test('of this machine’s addresses those count that lead out of it', () => {
  const at = (address: string, more: Partial<NetworkInterfaceInfo> = {}) =>
    ({ address, internal: false, family: 'IPv4', ...more }) as NetworkInterfaceInfo // The rest is not looked at.
  vi.mocked(networkInterfaces).mockReturnValue({
    lo: [at('127.0.0.1', { internal: true }), at('::1', { internal: true })],
    eth0: [at('192.168.1.7'), at('2001:db8::7'), at('fe80::1234')],
    veth1: [at('169.254.3.4'), at('FEBF::1')],
    tun0: [at('10.8.0.2'), at('fd00::2')],
    gone: undefined,
  })
  expect(ownAddresses()).toEqual(['192.168.1.7', '2001:db8::7', '10.8.0.2', 'fd00::2'])
})

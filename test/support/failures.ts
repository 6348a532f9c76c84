import { DriveError, type Failure } from '#app/errors'

/** The failure that something ends in; anything but a DriveError, or no failure at all, fails the test. */
export async function failureOf(task: Promise<unknown> | (() => unknown)): Promise<Failure> {
  try {
    await (typeof task === 'function' ? task() : task)
  } catch (thrown) {
    if (thrown instanceof DriveError) return thrown.failure
    throw thrown
  }
  throw new Error('It was expected to fail, and did not')
}

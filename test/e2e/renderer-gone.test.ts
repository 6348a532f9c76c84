import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createDesk, type Desk } from '#test/desk'
import { fillQueue } from '#test/filled-queue'

/** The renderer holds no truth: killed or reloaded, at whatever moment, it shows what it showed. */
const MB = 1024 ** 2
/** More than are told at once. */
const ROWS = 1400
let desk: Desk

beforeEach(async () => {
  desk = await createDesk()
})
afterEach(() => desk.close())

/** Everything of the list that can be seen and does not move. */
const LIST = `(() => {
  const text = (testid) => document.querySelector('[data-testid="' + testid + '"]')?.textContent.replace(/\\s+/gu, ' ')
  return JSON.stringify({
    tabs: ['all', 'active', 'done', 'failed'].map((tab) => text('tab-' + tab)),
    rows: [...document.querySelectorAll('[data-testid="transfer-row"]')].map((row) => row.dataset.path + ' ' + row.dataset.status),
    count: document.querySelector('[data-testid="transfer-list"]')?.getAttribute('aria-rowcount'),
  })
})()`

/** What a script says in the page as it is now, without Playwright, to which a page that died stays dead. */
function inPage(script: string): Promise<unknown> {
  return desk.app.app.evaluate(async ({ BrowserWindow }, code) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents
    if (!contents || contents.isCrashed() || contents.isLoading()) return 'not there'
    const gone = new Promise((resolve) => contents.once('render-process-gone', () => resolve('gone')))
    const left = new Promise((resolve) => contents.once('did-start-navigation', () => resolve('left')))
    return Promise.race([contents.executeJavaScript(code), gone, left]) as Promise<unknown>
  }, script)
}

/** Ends the page so that it can't notice. */
type End = 'kill' | 'reload'

/** At once, or at the next moment of that kind. */
type When = 'now' | 'loading' | 'mirroring'

async function end(how: End, when: When): Promise<void> {
  await desk.app.app.evaluate(
    ({ BrowserWindow }, given) =>
      new Promise<void>((resolve) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents
        if (!contents) throw new Error('There is no window')
        const strike = (): void => {
          if (given.how === 'kill') {
            contents.once('render-process-gone', () => resolve())
            process.kill(contents.getOSProcessId(), 'SIGKILL')
          } else {
            contents.once('did-start-navigation', () => resolve())
            contents.reload()
          }
        }
        if (given.when === 'now') {
          strike()
          return
        }
        if (given.when === 'loading') contents.once('dom-ready', () => setImmediate(strike))
        else {
          // The second part of the list has not been told yet.
          const send = contents.send.bind(contents)
          contents.send = (channel, ...args: unknown[]) => {
            send(channel, ...args)
            if (channel !== 'transfers.changed') return
            contents.send = send
            setImmediate(strike)
          }
        }
        contents.reload()
      }),
    { how, when },
  )
}

/** Clicks with the mouse where that stands in the page. */
async function click(testid: string): Promise<void> {
  const at = (await inPage(
    `(() => { const { x, y, width, height } = document.querySelector('[data-testid="${testid}"]').getBoundingClientRect(); return [x + width / 2, y + height / 2] })()`,
  )) as [number, number]
  await desk.app.app.evaluate(({ BrowserWindow }, [x, y]) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents
    const where = { x: Math.round(x), y: Math.round(y), button: 'left', clickCount: 1 } as const
    contents?.sendInputEvent({ type: 'mouseDown', ...where })
    contents?.sendInputEvent({ type: 'mouseUp', ...where })
  }, at)
}

/** Puts an answer in the place of the system's own boxes; what they asked is kept. */
async function answerBoxes(response: number): Promise<void> {
  await desk.app.app.evaluate(({ dialog }, given) => {
    const asked: string[] = []
    Object.assign(globalThis, { asked })
    dialog.showMessageBox = (...args: unknown[]) => {
      asked.push(JSON.stringify(args.at(-1)))
      return Promise.resolve({ response: given, checkboxChecked: false })
    }
  }, response)
}

const asked = (): Promise<readonly string[]> =>
  desk.app.app.evaluate(() => (globalThis as unknown as { asked: string[] }).asked)

describe('the same list comes back, whole, and can be used', () => {
  test.each<{ how: End }>([{ how: 'kill' }, { how: 'reload' }])('after a $how', async ({ how }) => {
    await fillQueue(desk.data, ROWS)
    desk.emulator.fault({ on: 'slice', sliceNo: 3, kind: 'hang' })
    await desk.open()
    await desk.drop({ '电影.mkv': 64 * MB })
    await desk.row('电影.mkv', 'uploading').getByText('3 / 4').waitFor()
    await expect.poll(() => inPage(LIST)).toContain(`"count":"${ROWS + 1}"`)
    const before = await inPage(LIST)
    expect(before).toMatch(/电影\.mkv uploading.*paused/u)

    for (const when of ['now', 'loading', 'mirroring'] as const) {
      await end(how, when)
      await expect.poll(() => inPage(LIST), { timeout: 20_000 }).toBe(before)
      await click('tab-failed')
      await expect.poll(() => inPage(LIST)).toMatch(/"rows":\["[^"]* failed"/u)
      await click('tab-all')
      await expect.poll(() => inPage(LIST)).toBe(before)
    }

    await inPage(`window.drive.call('transfers.pause', 'all').then(() => undefined)`)
    await inPage(`window.drive.call('transfers.resume', 'all').then(() => undefined)`)
    await expect
      .poll(() => desk.emulator.files().map(({ path }) => path), { timeout: 20_000 })
      .toContain('/电影.mkv')
    expect(desk.slices()).toEqual([1, 2, 3, 4])
    // Main says what died, and has told nothing to a page that was gone.
    expect(desk.app.log()).not.toMatch(/Error sending|Unhandled|Unforeseen/u)
  })
})

describe('a renderer that keeps dying', () => {
  test('is said after the third time in a minute, and a retry brings it back', async () => {
    await fillQueue(desk.data, 3)
    await desk.open()
    await answerBoxes(0)
    await expect.poll(() => inPage(LIST)).toContain('"count":"3"')
    const before = await inPage(LIST)
    for (let death = 1; death <= 4; death++) {
      expect(await asked()).toEqual([])
      await end('kill', 'now')
      await expect.poll(() => inPage(LIST), { timeout: 20_000 }).toBe(before)
    }
    expect(await asked()).toEqual([expect.stringMatching(/窗口界面多次意外关闭.*重试.*退出/u)])
  })

  test('is given up by who wants to quit', async () => {
    await desk.open()
    await answerBoxes(1)
    const { app } = desk.app
    const exited = new Promise<number | null>((resolve) => app.process().once('exit', resolve))
    for (let death = 1; death <= 3; death++) {
      await end('kill', 'now')
      await expect.poll(() => inPage(LIST), { timeout: 20_000 }).toContain('"tabs"')
    }
    await end('kill', 'now').catch(() => undefined) // It may be gone before it has answered.
    expect(await exited).toBe(0)
  })
})

test('one that no longer answers is replaced', async () => {
  await fillQueue(desk.data, 3)
  await desk.open()
  await expect.poll(() => inPage(LIST)).toContain('"count":"3"')
  const before = await inPage(LIST)
  await desk.app.app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows()
    void window?.webContents.executeJavaScript('for (;;);').catch(() => undefined)
    // Chromium says so after 30 s.
    window?.emit('unresponsive')
  })
  await expect.poll(() => inPage(LIST), { timeout: 20_000 }).toBe(before)
})

import { expect, test } from 'vitest'
import { createDesk } from '#test/desk'

test('a test fails for whatever any page complains of, up to the end', async () => {
  const desk = await createDesk()
  await desk.open()
  const { app, page } = desk.app
  await page.evaluate(() => {
    console.log('just talk')
    console.warn('a warning')
    setTimeout(() => {
      throw new Error('not caught')
    })
    void Promise.reject(new Error('rejected'))
    document.body.setAttribute('style', 'color: red')
  })
  await expect.poll(() => desk.complaints().length).toBe(4)
  // Another renderer, and another window.
  await app.evaluate(async ({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows()
    if (!window) throw new Error('There is no window')
    const contents = window.webContents
    const back = new Promise<void>((resolve) => contents.once('dom-ready', () => resolve()))
    contents.forcefullyCrashRenderer()
    await back
    await contents.executeJavaScript(`console.error('after a crash')`)
    const other = new BrowserWindow({ show: false })
    await other.loadURL('about:blank')
    await other.webContents.executeJavaScript(`console.error('elsewhere')`)
    other.destroy()
  })
  const said = await desk.close().then(String, String)
  for (const text of ['a warning', 'not caught', 'rejected', 'inline style', 'after a crash', 'elsewhere'])
    expect(said).toContain(text)
  expect(said).not.toContain('just talk')
})

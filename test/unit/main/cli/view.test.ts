import { describe, expect, test } from 'vitest'
import type { Failure } from '#app/errors'
import { whoami } from '#main/cli/account'
import type { ReportLine, Summary } from '#main/cli/report'
import { jsonView, plainView, terminalView, type UploadView } from '#main/cli/view'
import { failure } from '#test/builders'
import { FakeTerminal } from '#test/fake-terminal'

const SUMMARY: Summary = {
  finished: 1,
  failed: 1,
  skipped: 0,
  instant: 0,
  bytes: 1048576,
  sentBytes: 1048576,
  ms: 1500,
}
const finished: ReportLine & { event: 'finished' } = {
  event: 'finished',
  id: '1',
  path: '/a.raw',
  remotePath: '/照片/a.raw',
  fileID: 7,
  size: 1,
  md5: 'abc',
  method: 'single',
}
const failed = (path: string, message: string): ReportLine & { event: 'failed' } => ({
  event: 'failed',
  id: '2',
  path,
  code: 'file-missing',
  message,
})

function views(): readonly { name: string; view: UploadView; shown: () => string }[] {
  const [out, err, terminal] = [new FakeTerminal(), new FakeTerminal(), new FakeTerminal()]
  return [
    { name: 'in a pipe', view: plainView(out, err), shown: () => out.text + err.text },
    { name: 'on a terminal', view: terminalView(terminal.stream), shown: () => terminal.text },
  ]
}

test('for programs there is one JSON object a line on stdout, and nothing else', () => {
  const [out, err] = [new FakeTerminal(), new FakeTerminal()]
  const view = jsonView(out, err)
  view.line(finished)
  view.line(failed('/b\n.raw', 'No such file: /b\n.raw'), failure('file-missing'))
  view.passedOver({ path: '/link', named: false, failure: failure('not-a-file') })
  view.draw([])
  view.end(SUMMARY)
  const lines = out.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
  expect(lines).toEqual([
    finished,
    failed('/b\n.raw', 'No such file: /b\n.raw'),
    { event: 'summary', ...SUMMARY },
  ])
  expect(err.text).toContain('/link')
})

test('in a pipe what is done goes to stdout, what went wrong to stderr', () => {
  const [out, err] = [new FakeTerminal(), new FakeTerminal()]
  const view = plainView(out, err)
  view.line(finished)
  view.line(failed('/b.raw', 'gone'), failure('file-missing'))
  view.end(SUMMARY)
  expect(out.text).toContain('/照片/a.raw')
  expect(out.text).toContain('1 uploaded')
  expect(out.text).not.toContain('/b.raw')
  expect(err.text).toContain('/b.raw')
})

describe('text that others chose does not reach the terminal raw', () => {
  const EVIL = 'a\u001b[2J\u001b]0;owned\u0007\rb\u009b1A\n.txt'
  // eslint-disable-next-line no-control-regex -- that is what must not come through
  const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/u

  const cases: readonly { name: string; show: (view: UploadView) => void }[] = [
    {
      name: 'the name of a file that is done',
      show: (view) => {
        view.line({ ...finished, remotePath: `/${EVIL}` })
      },
    },
    {
      name: 'the name of a file that failed',
      show: (view) => {
        view.line(failed(`/${EVIL}`, ''), failure('server'))
      },
    },
    {
      name: 'the name of a file, in the reason for its failure',
      show: (view) => {
        const message = `No such file: /${EVIL}`
        view.line(failed('/x', message), { code: 'file-missing', message } satisfies Failure)
      },
    },
    {
      name: 'what the server said',
      show: (view) => {
        const message = `create: 1 ${EVIL}`
        view.line(failed('/x', message), { code: 'refused', message } satisfies Failure)
      },
    },
    {
      name: 'the name of a link that is passed over',
      show: (view) => {
        const path = `/${EVIL}`
        view.passedOver({
          path,
          named: false,
          failure: { code: 'not-a-file', message: `Not a regular file: ${path}` },
        })
      },
    },
  ]

  for (const { name, show } of cases)
    test(name, () => {
      for (const { view, shown } of views()) {
        show(view)
        expect(shown()).not.toMatch(CONTROL)
        expect(shown().trimEnd()).not.toContain('\n')
      }
    })

  test('the nickname of the account', () => {
    const printed: string[] = []
    const account = { uid: '18', nickname: EVIL, usedBytes: 0, totalBytes: 0, vip: false }
    whoami({ status: 'signed-in', kept: 'keychain', account }, false, (text) => printed.push(text))
    expect(printed.join()).not.toMatch(CONTROL)
  })
})

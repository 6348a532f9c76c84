import { describe, expect, test } from 'vitest'
import type { Failure } from '#app/errors'
import type { Language } from '#app/words/explain'
import { whoami } from '#main/cli/account'
import type { ReportLine, Summary } from '#main/cli/report'
import { jsonView, plainView, terminalView, type UploadView } from '#main/cli/view'
import { CLI_TEXTS } from '#main/cli/words'
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

function views(
  language: Language = 'en',
): readonly { name: string; view: UploadView; shown: () => string }[] {
  const [out, err, terminal] = [new FakeTerminal(), new FakeTerminal(), new FakeTerminal()]
  return [
    { name: 'in a pipe', view: plainView(out, err, language), shown: () => out.text + err.text },
    { name: 'on a terminal', view: terminalView(terminal.stream, language), shown: () => terminal.text },
  ]
}

test.each([
  { language: 'en', said: '123pan is limiting requests. Resuming in 1 min 5 s' },
  { language: 'zh-CN', said: '123云盘限制了请求频率，1 分 5 秒后继续' },
] as const)('a pause that the server asks for is said in words: $language', ({ language, said }) => {
  for (const { view, shown } of views(language)) {
    view.line({ event: 'limited', seconds: 65 })
    expect(shown()).toContain(said)
  }
})

test.each([
  { language: 'en', said: 'The app holds uploads up while on battery' },
  { language: 'zh-CN', said: '应用已设为使用电池时不上传' },
] as const)('what the app holds up is said in words: $language', ({ language, said }) => {
  for (const { view, shown } of views(language)) {
    view.line({ event: 'held', reason: 'battery' })
    expect(shown()).toContain(said)
  }
})

test('for programs there is one JSON object a line on stdout, and nothing else', () => {
  const [out, err] = [new FakeTerminal(), new FakeTerminal()]
  const view = jsonView(out, err, 'en')
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
  const view = plainView(out, err, 'en')
  view.line(finished)
  view.line(failed('/b.raw', 'gone'), failure('file-missing'))
  view.end(SUMMARY)
  expect(out.text).toContain('/照片/a.raw')
  expect(out.text).toContain('1 uploaded')
  expect(out.text).not.toContain('/b.raw')
  expect(err.text).toContain('/b.raw')
})

test('a file that is skipped is named, with the reason and nothing more to do', () => {
  const skipped: ReportLine = {
    event: 'skipped',
    id: '3',
    path: '/照片/a.raw',
    code: 'name-taken',
    message: '',
  }
  for (const { view, shown } of views()) {
    view.line(skipped, failure('name-taken'))
    expect(shown()).toBe('skipped /照片/a.raw: A file with this name already exists\n')
  }
})

describe('Chinese', () => {
  test.each(views('zh-CN'))('$name', ({ view, shown }) => {
    view.line(finished)
    view.line({ event: 'skipped', id: '3', path: '/b.raw', code: 'name-taken', message: '' })
    view.line(failed('/c.raw', ''), failure('file-missing'))
    view.passedOver({ path: '/link', named: false, failure: failure('not-a-file') })
    view.end(SUMMARY)
    const lines = shown().trimEnd().split('\n')
    expect(lines.length).toBeGreaterThanOrEqual(4)
    for (const line of lines) expect(line).toMatch(/\p{Script=Han}{2}/u)
    expect(lines).toContain(
      '已上传 1 个（其中秒传 0 个），跳过 0 个，失败 1 个；共 1.0 MB，用时 1.5 秒，实际发送 1.0 MB',
    )
  })

  test('is not what programs read', () => {
    const [out, err] = [new FakeTerminal(), new FakeTerminal()]
    jsonView(out, err, 'zh-CN').line(finished)
    expect(JSON.parse(out.text)).toEqual(finished)
  })
})

test('only what had been tried several times is said to have been', () => {
  for (const { view, shown } of views()) {
    view.line({ ...failed('/a', ''), code: 'timeout' }, failure('timeout'))
    expect(shown()).not.toContain('several times')
    view.line({ ...failed('/a', ''), code: 'timeout' }, failure('timeout'), 'given-up')
    expect(shown()).toContain('Several retries failed. Run the command again later.')
  }
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
    whoami({ status: 'signed-in', kept: 'keychain', account }, false, CLI_TEXTS.en, (text) =>
      printed.push(text),
    )
    expect(printed.join()).not.toMatch(CONTROL)
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { redactForLog, redactStack } from '#app/redact-log'

const OPAQUE = 'a81f5bd2c9e94d06'
const KNOWN = ['/home/liming', 'liming', '公司代理', 'proxyhost']

describe('out of what is logged goes', () => {
  test.each([
    { text: "ENOENT: no such file or directory, open '/home/liming/Tax 2026/salary.xlsx'", secret: 'salary' },
    { text: 'Cannot read (EACCES): /home/liming/my secret plans/part two', secret: 'plans' },
    { text: 'Cannot read (EACCES): /home/liming/my secret plans/part two', secret: 'part two' },
    { text: String.raw`EPERM: C:\Users\Li Ming\Desktop\divorce.docx`, secret: 'Ming' },
    { text: String.raw`EPERM: \\server\share\divorce.docx`, secret: 'share' },
    { text: 'at file:///C:/Users/liming/a%20b.js', secret: 'liming' },
    { text: 'No such file: ~/Passport scan', secret: 'Passport' },
    { text: 'in docs/private letters of mine', secret: 'letters' },
    { text: `"it's my diary" can't be read`, secret: 'diary' },
    { text: 'name clash: salary.xlsx', secret: 'salary' },
    { text: '名称不允许：工资表 final', secret: '工资表' },
    { text: 'Unexpected token \'s\', "secret plan" is not valid JSON', secret: 'secret plan' },
    { text: 'by liming on this machine', secret: 'liming' },
    { text: 'no answer of proxyhost at all', secret: 'proxyhost' },
    { text: 'http://liming:pa55word@proxy.corp.example:8080 refused', secret: 'pa55word' },
    { text: 'socks5://user:pa55word@10.0.0.1 refused', secret: 'pa55word' },
    { text: 'http://user:p#5?word@10.0.0.1 refused', secret: 'word' },
    { text: 'https://files.example/d/salary.xlsx was 404', secret: 'salary' },
    { text: 'https://proxy.corp.example:8443 refused', secret: 'corp' },
    { text: 'https://123pan.com.evil.example/x', secret: 'evil' },
    { text: 'to [name]:1 and nas.local:5001', secret: '5001' },
    { text: 'getaddrinfo ENOTFOUND proxy.corp.example', secret: 'corp' },
    { text: `said ${OPAQUE} once`, secret: OPAQUE },
    { text: 'md5 4b5c549c4abd0a079caf92d6cad24127', secret: '4b5c549c' },
    { text: 'uid 1814435971 of somebody', secret: '1814435971' },
    { text: 'user 13800138000', secret: '13800138000' },
    { text: 'first line\n/home/liming/second line.txt', secret: 'second' },
  ])('$text', ({ text, secret }) => {
    expect(redactForLog(text, KNOWN)).not.toContain(secret)
  })

  test('any token, bare or with a name before it, wherever it stands', () => {
    const token = fc
      .stringMatching(/^[A-Za-z0-9_-]{20,200}$/u)
      .filter((text) => /\d/u.test(text) && /[A-Za-z]/u.test(text))
    const before = fc.constantFrom('', 'token ', 'at ', 'Bearer ', 'accessToken: ', '“', 'x=', '(')
    fc.assert(
      fc.property(token, before, (secret, lead) => {
        expect(redactForLog(`before ${lead}${secret} after`)).not.toContain(secret)
      }),
    )
  })

  test('any absolute path, whatever its names consist of', () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 4, maxLength: 30 })
      .map((text) => `§${text.replace(/[/\\]/gu, '_')}§`)
    const root = fc.constantFrom('/', '/home/', 'C:\\', '\\\\server\\', '~/')
    fc.assert(
      fc.property(root, fc.array(name, { minLength: 1, maxLength: 4 }), (start, names) => {
        const clean = redactForLog(`Cannot read: ${start}${names.join('/')}`)
        for (const secret of names) expect(clean).not.toContain(secret)
      }),
    )
  })

  test('what is known of the person, in whatever case and however odd', () => {
    const odd = fc.string({ minLength: 3, maxLength: 20 }).filter((text) => /^\w.*\w$/u.test(text))
    fc.assert(
      fc.property(odd, (name) => {
        expect(redactForLog(`here ${name} there`, [name]).toLowerCase()).not.toContain(
          ` ${name.toLowerCase()} `,
        )
      }),
    )
  })
})

test.each([
  'stopped: offline',
  'pair 3f2a9c1b: halted, root-missing',
  'failed: server × 3 (slice, HTTP 502)'.replace('×', 'x'),
  "Cannot read properties of undefined (reading 'size')",
  'window.show is not a function',
  'started 0.1.0, Electron 45.4.1, Linux 6.8.0 x64, 127.0.0.1',
  'https://open-api.123pan.com answered 500',
  '',
])('what helps stays: %s', (text) => {
  expect(redactForLog(text, KNOWN)).toBe(text)
})

test('what was redacted once is not changed by doing it again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const once = redactForLog(text, KNOWN)
      expect(redactForLog(once, KNOWN)).toBe(once)
    }),
  )
})

test('a stack keeps functions, lines and columns, and no folder', () => {
  const stack = [
    "Error: ENOENT, open '/home/liming/secret.txt'",
    '    at Object.<anonymous> (file:///home/liming/123pan%20Sync/out/main/index.js:12:34)',
    '    at async Pool.#run [as run] (/opt/123pan Sync/resources/app.asar/out/main/chunks/pool-a1.js:5:6)',
    '    at node:internal/process/task_queues:95:5',
    '    at eval (secret name)',
    '    at /home/liming/secret plan.js:1:1',
    'a second line of the message with a secret',
  ].join('\n')
  expect(redactStack(stack)).toEqual([
    'at Object.<anonymous> (index.js:12:34)',
    'at async Pool.#run (pool-a1.js:5:6)',
    'at (no name) (node:internal/process/task_queues:95:5)',
    'at eval (elsewhere)',
    'at (no name) (elsewhere)',
  ])
})

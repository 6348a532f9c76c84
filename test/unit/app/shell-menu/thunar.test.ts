import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { NO_ACTIONS, thunarState, withoutThunarEntries, withThunarEntries } from '#app/shell-menu/thunar'
import { fakeProgram, ODD_NAMES, ODD_PATH } from '#test/fake-program'
import { tempFolder } from '#test/temp-folder'

const PROGRAM = '/opt/123pan Sync.AppImage'
const added = (xml: string, program = PROGRAM): string => withThunarEntries(xml, program) ?? 'damaged'

const FILES = [
  ['none of anybody', NO_ACTIONS],
  [
    'as Thunar writes it',
    '<?xml version="1.0" encoding="UTF-8"?>\n<actions>\n<action>\n\t<icon></icon>\n\t<name>打开</name>\n\t<unique-id>1700-1</unique-id>\n\t<command>a &amp;&amp; b %f</command>\n</action>\n</actions>\n',
  ],
  [
    'all on a line',
    '<?xml encoding="UTF-8" version="1.0"?><actions><action><name>x</name></action></actions>',
  ],
  [
    'with a DOCTYPE, comments and CDATA',
    '<?xml version="1.0"?>\r\n<!DOCTYPE actions [\n <!ELEMENT actions (action)+>\n]>\r\n<!-- </actions> -->\r\n<actions>\r\n<action><command><![CDATA[</actions> & pan123-sync-upload]]></command></action></actions>\r\n\r\n<!-- end -->',
  ],
] as const

describe.each(FILES)('a file of actions, %s,', (_, xml) => {
  test('gets ours once, and is byte for byte what it was without them', () => {
    expect(thunarState(xml, PROGRAM)).toBe('off')
    expect(thunarState(added(xml), PROGRAM)).toBe('on')
    expect(added(added(xml))).toBe(added(xml))
    expect(withoutThunarEntries(added(xml))).toBe(xml)
  })

  test('has ours taken to another place', () => {
    const moved = added(added(xml), '/new/place')
    expect(thunarState(moved, PROGRAM)).toBe('other')
    expect(thunarState(moved, '/new/place')).toBe('on')
    expect(withoutThunarEntries(moved)).toBe(xml)
  })
})

test('a list that is an empty tag takes them too', () => {
  expect(thunarState(added('<actions/>'), PROGRAM)).toBe('on')
})

test.each([
  '',
  '<actions>',
  '<actions></action>',
  '<actions><action></actions>',
  '<actions></actions><actions/>',
  '<html></html>',
  '<actions>a & b</actions>',
  '<actions></actions>x',
  '<actions><!-- </actions>',
  '<actions',
  '\0',
])('a damaged file is left alone: %j', (xml) => {
  expect(thunarState(xml, PROGRAM)).toBe('damaged')
  expect(withThunarEntries(xml, PROGRAM)).toBeUndefined()
  expect(withoutThunarEntries(xml)).toBeUndefined()
})

test('sh calls the program with every path, as Thunar fills them in', async () => {
  const program = fakeProgram(join(tempFolder(), ODD_PATH))
  const paths = ODD_NAMES.map((name) => `/home/li/${name}`)
  const xml = added(NO_ACTIONS, program.path)
  expect(thunarState(xml, program.path)).toBe('on')
  execFileSync('/usr/bin/python3', [
    '-c',
    `
import subprocess, sys, shlex, xml.etree.ElementTree as tree
action = tree.fromstring(sys.argv[1].encode()).findall("action")[0]
assert [name.text for name in action.findall("name")][:2] == ["Upload to 123pan", "上传到 123云盘"]
command = action.find("command").text.replace("%%", "\\0")
paths = [bytes.fromhex(path) for path in sys.argv[2:]]
quoted = b" ".join(b"'" + path.replace(b"'", b"'\\\\''") + b"'" for path in paths)
line = command.encode().replace(b"%F", quoted).replace(b"\\0", b"%")
subprocess.run([b"/bin/sh", b"-c", line], check=True)
`,
    xml,
    ...paths.map((path) => Buffer.from(path, 'latin1').toString('hex')),
  ])
  expect(await program.calls(1)).toEqual([['--upload', ...paths]])
})

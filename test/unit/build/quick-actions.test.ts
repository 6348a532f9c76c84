import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { menuLabels } from '#app/words/shell-menu'
import { fakeProgram, ODD_NAMES } from '#test/fake-program'
import { tempFolder } from '#test/temp-folder'

/** The Finder's quick actions, as far as they can be tried without a Mac: their files are well-formed, and what they run runs right. */

const FOLDER = 'build/mac'

/** As JSON; it fails for what is no property list. */
function plist(path: string): unknown {
  const script = 'import json, plistlib, sys; print(json.dumps(plistlib.load(open(sys.argv[1], "rb"))))'
  return JSON.parse(execFileSync('python3', ['-c', script, path], { encoding: 'utf8' }))
}

test.each(['upload', 'upload-to'] as const)(
  'the quick action --%s passes all files on, in one call',
  async (entry) => {
    const { en, 'zh-CN': chinese } = menuLabels[entry]
    const contents = join(FOLDER, `${en}.workflow`, 'Contents')
    expect(plist(join(contents, 'Info.plist'))).toMatchObject({
      NSServices: [
        { NSMenuItem: { default: en }, NSMessage: 'runWorkflowAsService', NSSendFileTypes: ['public.item'] },
      ],
    })
    expect(readFileSync(join(contents, 'Resources/zh-Hans.lproj/ServicesMenu.strings'), 'utf8')).toBe(
      `"${en}" = "${chinese}";\n`,
    )

    const workflow = plist(join(contents, 'document.wflow')) as {
      actions: {
        action: { ActionParameters: { COMMAND_STRING: string; inputMethod: number; shell: string } }
      }[]
    }
    const { COMMAND_STRING, inputMethod, shell } = workflow.actions[0]?.action.ActionParameters ?? {}
    // 1: the files are its arguments; 0 would be lines of its input.
    expect({ inputMethod, shell }).toEqual({ inputMethod: 1, shell: '/bin/sh' })
    const program = fakeProgram(join(tempFolder(), 'open'))
    const paths = ODD_NAMES.filter((name) => !name.includes('\xff')).map((name) =>
      Buffer.from(`/Users/li/${name}`, 'latin1').toString('utf8'),
    )
    execFileSync('/bin/sh', [
      '-c',
      COMMAND_STRING?.replace('/usr/bin/open', `'${program.path}'`) ?? '',
      '-',
      ...paths,
    ])
    expect(await program.calls(1)).toEqual([
      [
        '-n',
        '-b',
        'io.github.pan123sync',
        '--args',
        `--${entry}`,
        ...paths.map((path) => Buffer.from(path).toString('latin1')),
      ],
    ])
  },
)

test('both are there, and the app that they name is the packaged one', () => {
  expect(readdirSync(FOLDER).filter((name) => name.endsWith('.workflow'))).toHaveLength(2)
  const packaging = readFileSync('electron-builder.yml', 'utf8')
  expect(packaging).toContain('appId: io.github.pan123sync\n')
  expect(packaging).toContain('from: build/mac')
})

import { execFile, execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

/**
 * The layering is worth something only while the checks see it broken: each forbidden import is planted in a copy of
 * the tree, and `node build/check.mjs types layers` must name the file that was planted, and the rule.
 */
interface Plant {
  readonly name: string
  readonly file: string
  readonly code: string
  /** What the failing step says, on the line that names the file. */
  readonly says: string
}

const PLANTS: readonly Plant[] = [
  {
    name: 'Node in app/',
    file: 'app/planted.ts',
    code: "import { readFileSync } from 'node:fs'\nexport const planted = readFileSync\n",
    says: 'error TS2307',
  },
  {
    name: 'the DOM in main/',
    file: 'main/cloud/planted-dom.ts',
    code: 'export const planted = document.title\n',
    says: 'error TS2584',
  },
  {
    name: 'Node in renderer/',
    file: 'renderer/planted-node.ts',
    code: "import { readFileSync } from 'node:fs'\nexport const planted = readFileSync\n",
    says: 'error renderer-has-no-node',
  },
  {
    name: 'main in renderer/, as types see it',
    file: 'renderer/planted.ts',
    code: "import { planted } from '../main/desktop/planted.ts'\nexport const again = planted\n",
    says: 'error TS6307',
  },
  {
    name: 'main in renderer/, as layers see it',
    file: 'renderer/planted.ts',
    code: "import { planted } from '../main/desktop/planted.ts'\nexport const again = planted\n",
    says: 'error renderer-stays-outside',
  },
  {
    name: 'Electron in main/cloud/',
    file: 'main/cloud/planted.ts',
    code: "import { app } from 'electron'\nexport const planted = app\n",
    says: 'error electron-only-in-desktop',
  },
  {
    name: 'Electron reached from main/workers/ through another folder',
    file: 'main/workers/planted.ts',
    code: "import { planted } from '../desktop/planted.ts'\nexport const again = planted\n",
    says: 'error headless-never-reaches-electron',
  },
  {
    name: 'keytar outside main/session/keychain.ts',
    file: 'main/session/planted.ts',
    code: "import keytar from 'keytar'\nexport const planted = keytar\n",
    says: 'error keytar-only-in-keychain',
  },
]

/** Allowed where it stands: what the plants above reach Electron through. */
const DESKTOP = {
  file: 'main/desktop/planted.ts',
  code: "import { app } from 'electron'\nexport const planted = app\n",
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const RUN_MS = 180_000
const copy = mkdtempSync(join(tmpdir(), '123pan-layering-'))

interface Checked {
  readonly ok: boolean
  readonly output: string
}

/** Both steps, run by the copy's own script on the copy. */
const check = () =>
  new Promise<Checked>((resolve) => {
    execFile(
      process.execPath,
      [join(copy, 'build/check.mjs'), 'types', 'layers'],
      { cwd: copy },
      (error, stdout, stderr) => resolve({ ok: error === null, output: stdout + stderr }),
    )
  })

let unplanted: Checked
let planted: Checked

beforeAll(async () => {
  copyTree()
  unplanted = await check()
  for (const { file, code } of [...PLANTS, DESKTOP]) {
    mkdirSync(dirname(join(copy, file)), { recursive: true })
    writeFileSync(join(copy, file), code)
  }
  planted = await check()
}, RUN_MS)

afterAll(() => rmSync(copy, { recursive: true, force: true }))

test('the tree as it is passes', () => {
  expect(unplanted.output).toContain('ok     types')
  expect(unplanted.output).toContain('ok     layers')
  expect(unplanted.ok).toBe(true)
})

test('both steps fail on the planted one', () => {
  expect(planted.output).toContain('FAILED types')
  expect(planted.output).toContain('FAILED layers')
  expect(planted.ok).toBe(false)
})

test.each(PLANTS)('$name is found', ({ file, says }) => {
  const lines = planted.output.split('\n').filter((line) => line.includes(says))
  expect(lines.join('\n')).toContain(file)
})

/**
 * What git tracks or would track. The packages are linked one by one: the type checker keeps its state in
 * node_modules/.cache, and the copy's must not become the tree's.
 */
function copyTree() {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  for (const file of listed.split('\0').filter((name) => name !== '' && existsSync(join(ROOT, name))))
    cpSync(join(ROOT, file), join(copy, file))
  mkdirSync(join(copy, 'node_modules'))
  for (const name of readdirSync(join(ROOT, 'node_modules')).filter((name) => name !== '.cache'))
    symlinkSync(join(ROOT, 'node_modules', name), join(copy, 'node_modules', name))
}

import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Licence } from '#app/about'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

// The build scripts are plain JavaScript, which the compiler does not follow from here: their types are said once more.
const script = new URL('../../../build/licences.mjs', import.meta.url)
const { collectLicences, packageFolder } = (await import(script.href)) as {
  collectLicences: () => readonly Licence[]
  packageFolder: (moduleId: string) => string | undefined
}

interface Locked {
  readonly name?: string
  readonly version: string
  readonly dev?: boolean
  readonly devOptional?: boolean
  readonly optional?: boolean
}
const lock = JSON.parse(readFileSync(`${ROOT}/package-lock.json`, 'utf8')) as {
  readonly packages: Readonly<Record<string, Locked>>
}
const licences = collectLicences()
const names = new Set(licences.map(({ name }) => name))
const listed = new Set(licences.map(({ name, version }) => `${name} ${version}`))

test('whatever npm installs for production is listed, in its version', () => {
  const shipped = Object.entries(lock.packages).flatMap(([path, locked]) => {
    const { name = path.split('node_modules/').at(-1), version, dev, devOptional, optional } = locked
    return path === '' || dev || devOptional || optional ? [] : [`${name} ${version}`]
  })
  expect(shipped.length).toBeGreaterThan(10)
  expect(shipped.filter((one) => !listed.has(one))).toEqual([])
})

test.each(['vue', '@vue/runtime-dom', 'pinia', 'vue-i18n', 'element-plus', '@floating-ui/dom', 'dayjs'])(
  '%s, which is in the window, is listed',
  (name) => {
    expect(names).toContain(name)
  },
)

test.each([
  '@lucide/vue',
  '@tanstack/vue-virtual',
  '@tanstack/virtual-core',
  'Electron',
  'undici',
  'electron-updater',
])('%s is listed too', (name) => {
  expect(names).toContain(name)
})

test('each has the text of its licence, and none is listed twice', () => {
  expect(licences.filter(({ text, licence }) => text.length < 200 || licence === '')).toEqual([])
  expect(listed.size).toBe(licences.length)
})

test('says nothing about the machine that built it', () => {
  const all = JSON.stringify(licences)
  expect([ROOT, homedir()].filter((own) => all.includes(own))).toEqual([])
})

test.each([
  ['/repo/node_modules/vue/dist/vue.js', '/repo/node_modules/vue'],
  ['\0/repo/node_modules/@vue/shared/index.js?commonjs', '/repo/node_modules/@vue/shared'],
  ['/repo/node_modules/a/node_modules/b/index.js', '/repo/node_modules/a/node_modules/b'],
  ['C:\\repo\\node_modules\\@lucide\\vue\\index.js', 'C:\\repo\\node_modules\\@lucide\\vue'],
  ['/repo/renderer/main.ts', undefined],
])('the module %j is of the package %s', (id, folder) => {
  expect(packageFolder(id)).toBe(folder)
})

import { expect, test } from 'vitest'
import { createDesk } from '../desk.ts'
import { cutOff, foreignWords, violations } from './audit.ts'
import type { Group, Scene } from './scene.ts'
import { GROUPS } from './scenes.ts'
import { nameOf, Stage, type Look } from './stage.ts'

const WIDE = 1100
/** Of one size together: a menu at the pointer closes when it changes, and all else stays as it was arranged. */
const LOOKS: readonly (readonly Look[])[] = [
  [
    { language: 'zh-CN', theme: 'light', width: WIDE, height: 720, scale: 1 },
    { language: 'en', theme: 'dark', width: WIDE, height: 720, scale: 1 },
  ],
  [
    { language: 'zh-CN', theme: 'dark', width: 720, height: 560, scale: 1 },
    { language: 'en', theme: 'light', width: 720, height: 560, scale: 1 },
  ],
]

/** What is wrong with it as it stands, in that look. */
async function faults(stage: Stage, group: Group, look: Look): Promise<readonly string[]> {
  const { page } = stage.app
  await stage.take(look)
  await stage.still()
  return [
    // Both themes, both languages; a smaller window has the same colours and names.
    ...(look.width === WIDE ? await violations(page) : []),
    ...(await cutOff(page)),
    ...(await foreignWords(page, look.language, group.data)).map((text) => `foreign: ${text}`),
  ]
}

/** By look; a scene that can't be reached is wrong too, and hinders none of the others. */
async function faultsOf(
  stage: Stage,
  group: Group,
  scene: Scene,
  looks: readonly Look[],
): Promise<Readonly<Record<string, readonly string[]>>> {
  const found: Record<string, readonly string[]> = {}
  let name = scene.name
  const note = async (wrong: readonly string[]): Promise<void> => {
    if (wrong.length === 0) return
    found[name] = wrong
    await stage.picture(`wrong/${name.replace(' ', '-')}`)
  }
  try {
    const [first] = looks
    if (first) await stage.take(first)
    await scene.arrange(stage)
    for (const look of looks) {
      name = `${scene.name} ${nameOf(look)}`
      await note(await faults(stage, group, look))
    }
    await scene.restore?.(stage)
  } catch (thrown) {
    await note([String(thrown)])
  }
  return found
}

/** Those that take long have a test file each, which run at the same time. */
const ALONE = ['used', 'sync', 'settings'] as const

/** Every page and state of these: can all of it be read, by everybody, in one language, at either size, light and dark? */
export function testPages(which: (typeof ALONE)[number] | 'others'): void {
  const alone: readonly string[] = ALONE
  const groups = GROUPS.filter(({ name }) => (which === 'others' ? !alone.includes(name) : name === which))
  test.each(groups)('$name', testGroup)
}

async function testGroup(group: Group): Promise<void> {
  const desk = await createDesk()
  const found: Record<string, readonly string[]> = {}
  try {
    await group.open(desk)
    desk.app.page.setDefaultTimeout(10_000)
    const stage = new Stage(desk)
    for (const scene of group.scenes) {
      for (const looks of scene.floats ? LOOKS.flat().map((look) => [look]) : LOOKS)
        Object.assign(found, await faultsOf(stage, group, scene, looks))
    }
    expect(found).toEqual({})
    expect(desk.complaints()).toEqual([])
  } finally {
    await desk.close()
  }
}

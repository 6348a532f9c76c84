import { expect, test } from 'vitest'
import { createDesk } from '#test/desk'
import { cutOff, foreignWords, violations } from '#test/scenes/audit'
import type { Group, Scene } from '#test/scenes/scene'
import { GROUPS } from '#test/scenes/scenes'
import { nameOf, Stage, type Look } from '#test/scenes/stage'

/** Every page and state: can all of it be read, by everybody, in one language, at either size, light and dark? */

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

test.each(GROUPS)('$name', async (group) => {
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
})

import { expect, test } from 'vitest'
import { createDesk } from '#test/desk'
import { cutOff, foreignWords, violations } from '#test/scenes/audit'
import type { Group, Scene } from '#test/scenes/scene'
import { GROUPS } from '#test/scenes/scenes'
import { nameOf, Stage, type Look } from '#test/scenes/stage'

/** Every page and state: can all of it be read, by everybody, in one language, at either size, light and dark? */

const WIDE = 1100
const LOOKS: readonly Look[] = [
  { language: 'zh-CN', theme: 'light', width: WIDE, height: 720, scale: 1 },
  { language: 'en', theme: 'dark', width: WIDE, height: 720, scale: 1 },
  { language: 'zh-CN', theme: 'dark', width: 720, height: 560, scale: 1 },
  { language: 'en', theme: 'light', width: 720, height: 560, scale: 1 },
]

/** What is wrong with it; one that can't be reached is wrong too, and hinders none of the others. */
async function faults(stage: Stage, group: Group, scene: Scene, look: Look): Promise<readonly string[]> {
  const { page } = stage.app
  try {
    await stage.take(look)
    await scene.arrange(stage)
    await stage.still()
    const found = [
      // Both themes, both languages; a smaller window has the same colours and names.
      ...(look.width === WIDE ? await violations(page) : []),
      ...(await cutOff(page)),
      ...(await foreignWords(page, look.language, group.data)).map((text) => `foreign: ${text}`),
    ]
    if (found.length > 0) await stage.picture(`wrong/${scene.name}-${nameOf(look)}`)
    await scene.restore?.(stage)
    return found
  } catch (thrown) {
    await stage.picture(`wrong/${scene.name}-${nameOf(look)}`)
    return [String(thrown)]
  }
}

test.each(GROUPS)('$name', async (group) => {
  const desk = await createDesk()
  const found: Record<string, readonly string[]> = {}
  try {
    await group.open(desk)
    desk.app.page.setDefaultTimeout(10_000)
    const stage = new Stage(desk)
    for (const scene of group.scenes) {
      for (const look of LOOKS) {
        const wrong = await faults(stage, group, scene, look)
        if (wrong.length > 0) found[`${scene.name} ${nameOf(look)}`] = wrong
      }
    }
    expect(found).toEqual({})
    expect(desk.complaints()).toEqual([])
  } finally {
    await desk.close()
  }
})

import { createDesk } from '#test/desk'
import type { Scene } from '#test/scenes/scene'
import { GROUPS } from '#test/scenes/scenes'
import { nameOf, Stage, type Look } from '#test/scenes/stage'

/** Takes a picture of every state in every look; started by build/screenshots.mjs. */

const SIZES = [
  { width: 1100, height: 720 },
  { width: 720, height: 560 },
] as const

/** Those of one size and scale follow one another: a menu at the pointer closes when either changes. */
const LOOKS: readonly (readonly Look[])[] = SIZES.flatMap((size) =>
  ([1, 2] as const).map((scale) =>
    (['light', 'dark'] as const).flatMap((theme) =>
      (['zh-CN', 'en'] as const).map((language) => ({ ...size, scale, theme, language })),
    ),
  ),
)

/** What the README shows: the scene, and how. */
const README: Readonly<Record<string, Look>> = {
  transfers: { language: 'zh-CN', theme: 'light', width: 1100, height: 720, scale: 1 },
  sync: { language: 'zh-CN', theme: 'light', width: 1100, height: 720, scale: 1 },
  'details-half-sent': { language: 'en', theme: 'dark', width: 1100, height: 720, scale: 1 },
  issues: { language: 'zh-CN', theme: 'dark', width: 1100, height: 720, scale: 1 },
  'settings-limits': { language: 'en', theme: 'light', width: 1100, height: 720, scale: 1 },
}

const words = process.argv.slice(2)
const forReadme = words.includes('--readme')
const wanted = new Set(forReadme ? Object.keys(README) : words)
const isWanted = ({ name }: Scene): boolean => wanted.size === 0 || wanted.has(name)

async function shoot(stage: Stage, scene: Scene): Promise<number> {
  let taken = 0
  const picture = async (look: Look, name: string): Promise<void> => {
    await stage.take(look)
    await stage.still()
    await stage.picture(name)
    taken += 1
  }
  const readme = README[scene.name]
  if (forReadme && readme) {
    await stage.take(readme)
    await scene.arrange(stage)
    await picture(readme, `../../build/pictures/${scene.name}`)
    await scene.restore?.(stage)
    return taken
  }
  for (const looks of scene.floats ? LOOKS.flat().map((look) => [look]) : LOOKS) {
    const [first] = looks
    if (first) await stage.take(first)
    await scene.arrange(stage)
    for (const look of looks) await picture(look, `${scene.name}/${nameOf(look)}`)
    await scene.restore?.(stage)
  }
  return taken
}

let total = 0
let failed = 0
for (const group of GROUPS) {
  const scenes = group.scenes.filter(isWanted)
  if (scenes.length === 0) continue
  const desk = await createDesk()
  try {
    await group.open(desk)
    desk.app.page.setDefaultTimeout(15_000)
    const stage = new Stage(desk)
    // What one scene leaves behind, the next one may begin with.
    for (const scene of group.scenes) {
      if (!isWanted(scene)) {
        await scene.arrange(stage)
        await stage.still()
        await scene.restore?.(stage)
        continue
      }
      try {
        total += await shoot(stage, scene)
        console.log(`${group.name}: ${scene.name}`)
      } catch (thrown) {
        failed += 1
        console.error(`${group.name}: ${scene.name}: ${String(thrown)}`)
      }
    }
  } finally {
    await desk.close()
  }
}
console.log(
  `${total} pictures in out/screenshots${failed > 0 ? `; ${failed} scenes could not be reached` : ''}`,
)
process.exitCode = failed > 0 || total === 0 ? 1 : 0

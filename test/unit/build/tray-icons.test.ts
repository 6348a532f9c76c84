import { describe, expect, test } from 'vitest'
import { TRAY_SHAPES } from '#app/tray-condition'

// Plain JavaScript, which the compiler does not follow from here.
const script = new URL('../../../build/tray-icons.mjs', import.meta.url)
const { renderSvg, traySvg } = (await import(script.href)) as {
  traySvg: (shape: string, how: 'colour' | 'template') => string
  renderSvg: (svg: string, pixels: number) => Buffer
}

describe.each([16, 22, 24, 32])('at %d pixels', (size) => {
  test('each shape has an icon that differs by its form, not by its colour alone', () => {
    const forms = TRAY_SHAPES.map((shape) => renderSvg(traySvg(shape, 'template'), size).toString('base64'))
    expect(forms.length).toBe(6)
    expect(new Set(forms).size).toBe(6)
  })

  test('it is that wide', () => {
    // Width and height stand at the beginning of a PNG.
    const png = renderSvg(traySvg('idle', 'colour'), size)
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([size, size])
  })
})

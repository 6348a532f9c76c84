import type { Language } from './explain.ts'

/** The two entries of a file manager's menu. */
export type MenuEntry = 'upload' | 'upload-to'

/** The dots say that a question comes first. */
export const menuLabels: Readonly<Record<MenuEntry, Readonly<Record<Language, string>>>> = {
  upload: { 'zh-CN': '上传到 123云盘', en: 'Upload to 123pan' },
  'upload-to': { 'zh-CN': '上传到 123云盘…', en: 'Upload to 123pan…' },
}

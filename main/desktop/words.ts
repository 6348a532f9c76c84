import type { Language } from '#app/words/explain'

/** What the system's own boxes say; the window's words are the renderer's. */
export interface DesktopWords {
  readonly retry: string
  readonly quit: string
  readonly stay: string
  readonly stillUploading: (files: number) => string
  readonly quitEndsThem: string
}

export const desktopWords: Readonly<Record<Language, DesktopWords>> = {
  'zh-CN': {
    retry: '重试',
    quit: '退出',
    stay: '继续上传',
    stillUploading: (files) => `还有 ${files} 个文件没有传完`,
    quitEndsThem: '现在退出会中断它们，下次需要重新添加。已经传完的不受影响。',
  },
  en: {
    retry: 'Retry',
    quit: 'Quit',
    stay: 'Keep uploading',
    stillUploading: (files) =>
      files === 1 ? 'One file is not uploaded yet' : `${files} files are not uploaded yet`,
    quitEndsThem: 'Quitting now ends them, and they have to be added again. What is uploaded stays.',
  },
}

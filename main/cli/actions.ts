import type { ErrorCode } from '#app/errors'
import type { Language } from '#app/words/explain'
import type { FailureWords } from '#app/words/failures'

/** What stands here replaces the window's words: a command has no queue that goes on, no button, and has ended when it speaks. */
type Words = Readonly<Partial<Record<ErrorCode, Partial<FailureWords>>>>

const agains = {
  en: { action: 'It was tried several times. Run the command again later.' },
  'zh-CN': { action: '已多次重试。请稍后再运行一次。' },
}
const signIns = {
  en: { action: 'Run pan123 login, or set PAN123_TOKEN.' },
  'zh-CN': { action: '请运行 pan123 login 登录，或设置环境变量 PAN123_TOKEN。' },
}

const retried = (language: Language): Words => ({
  'rate-limited': agains[language],
  'connection-lost': agains[language],
  timeout: agains[language],
  'slow-uplink': agains[language],
  server: agains[language],
  'malformed-answer': agains[language],
  busy: agains[language],
  verifying: agains[language],
  interrupted: agains[language],
  'signed-out': signIns[language],
  unauthorized: signIns[language],
})

export const CLI_WORDS: Readonly<Record<Language, Words>> = {
  en: {
    ...retried('en'),
    'file-missing': { why: 'There is no such file or folder', action: 'Check the path.' },
    offline: { why: 'The drive can’t be reached', action: 'Check the network, then run the command again.' },
    'name-taken': { action: 'Say what to do: --on-duplicate keep-both, overwrite or skip.' },
    'keychain-unavailable': {
      action: 'Set PAN123_TOKEN, or PAN123_CLIENT_ID and PAN123_CLIENT_SECRET, instead of signing in.',
    },
    'token-limit': { action: 'Run pan123 login again. One client ID works at three places at most.' },
    'data-folder-held': { action: 'Quit that one, then run the command again.' },
    cancelled: {
      why: 'Interrupted',
      action: 'Run the command again: files that arrived are not sent again.',
    },
  },
  'zh-CN': {
    ...retried('zh-CN'),
    'file-missing': { why: '找不到这个文件或文件夹', action: '请检查路径。' },
    offline: { why: '连接不上云盘', action: '请检查网络，然后重新运行。' },
    'name-taken': { action: '请用 --on-duplicate keep-both、overwrite 或 skip 说明如何处理。' },
    'keychain-unavailable': {
      action: '请改用环境变量 PAN123_TOKEN，或 PAN123_CLIENT_ID 和 PAN123_CLIENT_SECRET。',
    },
    'token-limit': { action: '请重新运行 pan123 login；同一 client ID 最多三处同时使用。' },
    'data-folder-held': { action: '请先退出它，再重新运行。' },
    cancelled: { why: '操作已中断', action: '重新运行即可，已经传完的文件不会重传。' },
  },
}

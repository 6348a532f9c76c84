import type { ErrorCode } from '#app/errors'
import type { Language } from '#app/words/explain'
import type { FailureWords } from '#app/words/failures'

/** What stands here replaces the window's words: a command has no queue that goes on, no button, and has ended when it speaks. */
type Words = Readonly<Partial<Record<ErrorCode, Partial<FailureWords>>>>

const RUN_AGAIN = { en: 'Run the command again later.', 'zh-CN': '请稍后再运行一次。' }
const SIGN_IN = {
  en: 'Run pan123 login, or set PAN123_TOKEN.',
  'zh-CN': '请运行 pan123 login 登录，或设置环境变量 PAN123_TOKEN。',
}

function common(language: Language): Words {
  const again = { action: RUN_AGAIN[language] }
  const signIn = { action: SIGN_IN[language] }
  return {
    'rate-limited': again,
    'connection-lost': again,
    timeout: again,
    'slow-uplink': again,
    server: again,
    'malformed-answer': again,
    busy: again,
    verifying: again,
    interrupted: again,
    'signed-out': signIn,
    unauthorized: signIn,
  }
}

export const CLI_WORDS: Readonly<Record<Language, Words>> = {
  en: {
    ...common('en'),
    'file-missing': { why: 'There is no such file or folder', action: 'Check the path.' },
    offline: { action: 'Check the network, then run the command again.' },
    'name-taken': { action: 'Say what to do: --on-duplicate keep-both, overwrite or skip.' },
    'keychain-unavailable': {
      action: 'Set PAN123_TOKEN, or PAN123_CLIENT_ID and PAN123_CLIENT_SECRET, instead of signing in.',
    },
    'token-limit': { action: 'Run pan123 login again. A client ID works in at most three places at once.' },
    'data-folder-held': { action: 'Quit that one, then run the command again.' },
    cancelled: {
      why: 'Interrupted',
      action: 'Run pan123 resume to pick up where it stopped.',
    },
  },
  'zh-CN': {
    ...common('zh-CN'),
    'file-missing': { why: '找不到这个文件或文件夹', action: '请检查路径。' },
    offline: { action: '请检查网络，然后重新运行。' },
    'name-taken': { action: '请用 --on-duplicate keep-both、overwrite 或 skip 说明如何处理。' },
    'keychain-unavailable': {
      action: '请改用环境变量 PAN123_TOKEN，或 PAN123_CLIENT_ID 和 PAN123_CLIENT_SECRET。',
    },
    'token-limit': { action: '请重新运行 pan123 login；同一 client ID 最多三处同时使用。' },
    'data-folder-held': { action: '请先退出它，再重新运行。' },
    cancelled: { why: '操作已中断', action: '运行 pan123 resume 即可从断点续传。' },
  },
}

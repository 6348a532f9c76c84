import type { Failures, FailureWords } from './failures.ts'

/** Something that may go by itself. */
function passing(why: string, hint = ''): FailureWords & { readonly waiting: string } {
  return { why, action: `请稍后再试。${hint}`, waiting: `稍后自动重试，无需操作。${hint}` }
}

const IF_IT_STAYS = '若仍失败，请检查网络或代理。'
const STARTS_OVER = '稍后自动从头上传，无需操作。'

export const failuresZhCN: Failures = {
  'file-missing': { why: '本机上找不到这个文件', action: '如果它被移动或改名了，请从新位置重新添加。' },
  'file-unreadable': {
    why: '没有权限读取这个文件',
    action: '请检查文件权限，或关闭正在占用它的程序，然后重试。',
  },
  'file-unwritable': {
    why: '文件无法写入',
    action: '请检查磁盘空间和文件夹权限，或换一个位置再试。',
  },
  'not-a-file': {
    why: '这不是普通文件，不能上传',
    about: '这不是普通文件（{detail}），不能上传',
    action: '快捷方式（符号链接）和特殊文件不会上传，请直接添加它指向的文件。',
  },
  'file-too-large': { why: '文件超过云盘的 10 GB 上限', action: '请先分卷压缩，再上传各个分卷。' },
  'file-changed': { why: '上传期间文件一直有改动', action: '请等写入完成后再重试。', waiting: STARTS_OVER },
  'folder-unreadable': {
    why: '没有权限读取这个文件夹',
    about: '没有权限读取文件夹“{detail}”',
    action: '请检查文件夹权限，然后重新添加。',
  },
  'file-locked': {
    why: '文件正被其他程序占用',
    action: '请关闭占用它的程序，然后重试。',
    waiting: '关闭后自动上传，无需操作。',
  },
  'name-clash': {
    why: '同一文件夹里有只差大小写或重音符号的名称',
    action: '请把其中一个改名。',
  },
  'name-encoding': {
    why: '名称含有无法识别的字符（编码不是 UTF-8）',
    about: '名称“{detail}”含有无法识别的字符（编码不是 UTF-8）',
    action: '请改名，然后重新添加。',
  },
  'name-blank': { why: '名称不能只有空格', action: '请改名，然后重新添加。' },
  'name-too-long': {
    why: '名称太长，云盘最多接受 255 个字符',
    about: '名称有 {detail} 个字符，云盘最多接受 255 个',
    action: '请缩短名称，然后重新添加。',
  },
  'name-character': {
    why: '名称含有云盘不允许的字符',
    about: '名称含有云盘不允许的字符“{detail}”',
    action: '请改名，然后重新添加。',
  },
  offline: {
    why: '无法连接 123云盘',
    action: '请检查网络，然后重试。',
    waiting: '恢复后自动继续，无需操作。',
  },
  'proxy-failed': {
    why: '无法通过代理连接 123云盘',
    about: '无法通过代理 {detail} 连接 123云盘',
    action: '请检查代理的地址、用户名和密码，然后重试。',
    waiting: '代理恢复后自动继续。请检查代理的地址、用户名和密码。',
  },
  'connection-lost': passing('上传途中连接断开', IF_IT_STAYS),
  timeout: passing('服务器没有及时响应', IF_IT_STAYS),
  'slow-uplink': passing('上传速度太慢，服务器断开了连接', '可以换个网络，或避开高峰时段。'),
  'insecure-server': {
    why: '上传服务器没有加密连接，为保护凭据已停止',
    about: '上传服务器 {detail} 没有加密连接，为保护凭据已停止',
    action: '请稍后再试，通常会换到别的服务器。',
  },
  'rate-limited': passing('123云盘限制了请求频率'),
  server: passing('云盘服务器出错'),
  'malformed-answer': passing('服务器的响应无法识别', '若仍失败，请检查代理，或网络是否需要登录。'),
  busy: passing('服务器繁忙，暂时无法检查秒传'),
  verifying: passing('服务器还在校验文件', '内容若已在云端，会直接秒传。'),
  'verify-timeout': { why: '服务器校验超时', action: '请重试；内容若已在云端，会直接秒传。' },
  integrity: {
    why: '服务器收到的内容与本机文件不一致',
    action: '请重试，文件会从头上传。',
    waiting: STARTS_OVER,
  },
  'upload-expired': {
    why: '这次上传在服务器上已过期',
    action: '请重试，文件会从头上传。',
    waiting: STARTS_OVER,
  },
  'name-taken': { why: '目标位置已有同名文件', action: '重试时可以选择覆盖、保留两者或跳过。' },
  'name-refused': {
    why: '云盘不接受这个名称',
    about: '云盘不接受名称“{detail}”',
    action: '请改名，然后重新添加。',
  },
  ambiguous: {
    why: '云端有多个文件可能是这次上传的',
    about: '云端有多个文件可能是“{detail}”',
    action: '请在云盘里查看该文件夹，删掉多余的，然后重试。',
  },
  'parent-missing': {
    why: '目标文件夹已不存在',
    action: '重试会重新创建它，也可以先更改上传位置。',
    waiting: '稍后自动重试，会重新创建它。',
  },
  'not-found': { why: '云端找不到这个文件', action: '请重试。' },
  'quota-exceeded': {
    why: '云盘空间不足',
    about: '云盘空间不足，还差 {detail}',
    action: '请清理云盘或扩容，然后重试。',
    waiting: '清理云盘或扩容后自动继续。',
  },
  'traffic-exhausted': { why: '账号的流量已用完', action: '请等待流量恢复，或购买流量后重试。' },
  refused: { why: '云盘拒绝了这个请求', action: '请重试；若仍失败，请把诊断信息发给客服。' },
  'signed-out': { why: '尚未登录', action: '请先登录，然后重试。' },
  unauthorized: { why: '登录已失效', action: '请重新登录，然后重试。' },
  'token-limit': {
    why: '这个应用同时登录的设备太多，本机已被挤下线',
    action: '请重新登录；同一 client ID 最多可在三处同时使用。',
  },
  'credentials-refused': {
    why: '云盘不接受这组凭据',
    action: '请检查是否复制完整，或在开发者平台重新获取。',
  },
  'other-account': {
    why: '这个文件是为另一个账号添加的',
    action: '请登录原来的账号；或重试，上传到当前账号。',
  },
  'keychain-unavailable': {
    why: '这台电脑没有可用的系统钥匙串',
    action: '凭据不会写入磁盘。可以仅本次使用，退出应用后需要重新登录。',
  },
  cancelled: { why: '已取消', action: '需要时可以重试。' },
  'invalid-argument': { why: '应用内部出错：请求无效', action: '请重试；若仍失败，请把诊断信息发给我们。' },
  'queue-set-aside': {
    why: '之前的传输列表无法读取',
    about: '之前的传输列表无法读取，已另存为 {detail}',
    action: '请重新添加文件；已经传完的不会重传。',
  },
  'data-folder-unusable': {
    why: '本应用的数据文件夹无法使用',
    action: '请确认它是一个文件夹、可以写入，并且磁盘没有满。',
  },
  'data-folder-held': {
    why: '另一个 123pan Sync 或 pan123 正在使用同一份数据',
    action: '请先退出它，再重新打开本应用。',
  },
  'update-untrusted': {
    why: '下载的更新没有通过签名校验，没有安装',
    action: '当前版本不受影响。请稍后再检查；若仍如此，请到官方页面下载新版本。',
  },
  'update-unreachable': {
    why: '无法从更新服务器获取版本信息',
    action: '请检查网络或代理，然后再检查一次。',
  },
  'update-older': {
    why: '更新服务器上只有更旧的版本',
    about: '更新服务器上只有更旧的版本 {detail}',
    action: '不会降级，当前版本已是较新的一个。',
  },
  'update-cut': { why: '更新没有下载完，连接中断', action: '当前版本不受影响。请检查网络，然后再试一次。' },
  'update-unwritable': {
    why: '更新无法写入磁盘',
    action: '当前版本不受影响。请确认磁盘没有满、安装位置可以写入，然后再试一次。',
  },
  'update-not-installed': {
    why: '系统没有安装这个更新',
    action: '当前版本不受影响。请再试一次；系统要求输入密码时，请不要取消。',
  },
  interrupted: passing('应用的后台任务意外中断'),
  internal: { why: '应用内部出错', action: '请重试；若仍失败，请把诊断信息发给我们。' },
}

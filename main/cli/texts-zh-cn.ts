import type { CliTexts } from './texts.ts'

export const textsZhCN: CliTexts = {
  usage: `pan123：把文件和文件夹上传到 123云盘

  pan123 login [--token-stdin | --client-id ID --secret-stdin]      登录
  pan123 logout                                                     退出登录
  pan123 whoami [--json]                                            查看账号
  pan123 upload PATH... [--to /云盘/文件夹] [--parent ID] [--on-duplicate fail|keep-both|overwrite|skip]
                [--exclude GLOB]... [--concurrency N] [--limit-rate SIZE] [--single-max SIZE] [--json]
  pan123 sync 本地文件夹 云盘文件夹 [--mode backup|mirror] [--watch] [--dry-run] [--yes-delete] [--exclude GLOB]... [--json]
  pan123 list [--json]                         查看排队中、进行中和失败的文件
  pan123 pause [ID...] [--for 30m]             暂停全部或指定的文件，可以只暂停一段时间
  pan123 resume [ID...] [--json]               继续已暂停、被中断或失败的文件
  pan123 retry ID...|--all [--on-duplicate …]  pan123 cancel ID...|--all  pan123 clear ID...|--all
  pan123 first ID...                           优先上传这些文件；last ID... 则放到最后
  pan123 version                               查看版本号

sync 让云盘文件夹与本地文件夹保持一致。backup（默认）不会删除云盘里的任何文件；mirror 会把本地已删除的文件
移入云盘回收站。--watch 持续同步，直到被中断；--dry-run 只说明会做什么；--yes-delete 允许一次删除大量文件而不询问。

大小的写法：512K、8M、1G；--limit-rate 是每秒字节数，最低 16K。
环境变量：PAN123_TOKEN，或 PAN123_CLIENT_ID 和 PAN123_CLIENT_SECRET；
PAN123_API_URL、PAN123_DATA_DIR、PAN123_RATE_LIMIT=off；
HTTPS_PROXY、ALL_PROXY 和 NO_PROXY（支持 http、https 和 socks5 代理）。
退出码：0 全部完成，1 部分失败，2 用法错误，3 未登录，4 同步因安全原因停下，130 被中断。
`,
  seeHelp: '用法请见：pan123 help',
  wrong: {
    command: (given) => `没有这个命令：${given}`,
    option: (given) => `没有这个选项：${given}；以 - 开头的 PATH 请写在 -- 之后`,
    valueMissing: (option) => `${option} 后面缺少值；以 - 开头的值请写成 ${option}=VALUE`,
    valueTooMuch: (option) => `${option} 不能带值`,
    argument: (given) => `多余的参数：${given}`,
    exclude: (one, other) => `${one} 和 ${other} 不能同时使用`,
    together: (one, other) => `${one} 和 ${other} 要一起使用`,
    localAndRemote: 'sync 需要一个本地文件夹和一个云盘文件夹',
    remoteName: (name) => `sync：云盘不接受这个文件夹名称：${name}`,
    remoteDots: 'sync：云盘文件夹请写从根目录开始的路径，不能含有 . 和 ..',
    noPath: 'upload 至少需要一个 PATH',
    emptyPath: 'upload：PATH 是空的',
    folderName: (name) => `--to：云盘不接受这个文件夹名称：${name}`,
    dots: '--to：请写从根目录开始的路径，不能含有 . 和 ..',
    choice: (option, choices, given) => `${option}：只能是 ${choices.join('、')}，不能是 ${given}`,
    size: (option, given) => `${option}：请写 512K 或 8M 这样的大小，不能是 ${given}`,
    atLeast: (option, least) => `${option}：最低 ${least}`,
    atMost: (option, most) => `${option}：最多 ${most}`,
    whole: (option, least, most, given) => `${option}：请写 ${least} 到 ${most} 的整数，不能是 ${given}`,
    while: (option, given) => `${option}：请写 90s、30m 或 2h 这样的时长，最长一周，不能是 ${given}`,
    noID: (command) => `${command} 至少需要一个 ID（见 pan123 list）`,
    noIDNorAll: (command) => `${command} 需要 ID（见 pan123 list）或 --all`,
    unknownID: (given) => `没有以 ${given} 开头的 ID（见 pan123 list）`,
    severalIDs: (given) => `有几个 ID 都以 ${given} 开头，请写长一些`,
    secret: '这不是 token 或 secret：内容是空的，或者含有空格',
    noTerminal: '没有终端可以输入：请使用 --token-stdin 或 --secret-stdin',
    address: (variable, given) => `环境变量 ${variable} 不是网址：${given}`,
    openAddress: (variable, host) => `环境变量 ${variable} 必须以 https 开头，否则凭据会明文传输：${host}`,
  },
  ask: {
    clientID: 'client ID（留空则改为粘贴 access token）：',
    token: 'access token：',
    secret: 'client secret：',
  },
  account: (name, uid, used, total) => `${name}（uid ${uid}），已用 ${used} / ${total}`,
  until: (day) => `，凭据有效至 ${day}`,
  signedOut: '已退出登录，系统钥匙串中的凭据已删除。',
  nobodyWasSignedIn: '没有登录过：系统钥匙串中没有凭据。',
  environmentStays: '环境变量中的凭据不受影响，取消设置之前仍会用它登录。',
  phase: {
    hashing: '计算校验',
    creating: '创建中',
    uploading: '上传中',
    completing: '校验中',
  },
  method: { instant: '秒传', single: '直传', sliced: '分片' },
  skipped: '已跳过',
  state: {
    queued: '排队中',
    hashing: '计算校验',
    creating: '创建中',
    uploading: '上传中',
    completing: '校验中',
    waiting: '等待重试',
    paused: '已暂停',
    done: '已完成',
    skipped: '已跳过',
    failed: '失败',
    cancelled: '已取消',
  },
  changed: {
    pause: (count) => `已暂停${some(count)}。继续请运行 pan123 resume`,
    retry: (count) => `${some(count)}已重新排队。`,
    cancel: (count) => `已取消${some(count)}。`,
    clear: (count) => `已从列表移除${some(count)}（仅限已结束的）。`,
    first: (count) => `${some(count)}将优先上传。`,
    last: (count) => `${some(count)}将最后上传。`,
  },
  planned: ({ upload, mkdir, move, trash, problems }) =>
    `将上传 ${upload} 个文件，新建 ${mkdir} 个文件夹，移动或改名 ${move} 项，移入回收站 ${trash} 个文件；${problems} 项无法同步`,
  trashed: '移入回收站：',
  moved: '已移动：',
  halted: {
    'root-missing': () => '找不到本地文件夹。所在的磁盘是否已连接？云盘没有任何改动。',
    'root-emptied': () =>
      '本地文件夹现在是空的，云盘没有任何改动。如果确实要清空云盘里的文件夹，请加上 --yes-delete 再运行一次。',
    'root-replaced': () =>
      '这个位置换成了另一个文件夹，云盘没有任何改动。请放回原来的文件夹，或同步到新的云盘文件夹。',
    'root-unreadable': () => '没有权限读取本地文件夹。请检查权限，然后重新运行。',
    'remote-root-missing': () => '云盘里的文件夹不见了。请从云盘回收站恢复它，或同步到新的云盘文件夹。',
    'mass-delete': (files, total) =>
      `本地删除了 ${files} 个文件（共 ${total} 个），云盘没有删除任何文件。要把它们移入云盘回收站，请加上 --yes-delete 再运行一次。`,
    'other-account': () => '这个文件夹之前同步到另一个账号。请登录那个账号，或同步到新的云盘文件夹。',
  },
  goesOnElsewhere: (count) => `还有 ${count} 个文件，由正在运行的程序继续上传。`,
  held: {
    battery: '应用已设为使用电池时不上传，接通电源后继续',
    metered: '应用已设为按流量计费时不上传，换到其他网络后继续',
  },
  limited: (duration) => `123云盘限制了请求频率，${duration}后继续`,
  duration: (minutes, seconds) => (minutes > 0 ? `${minutes} 分 ${seconds} 秒` : `${seconds} 秒`),
  summary: ({ finished, instant, skipped, failed }, size, seconds, sent) =>
    `已上传 ${finished} 个（其中秒传 ${instant} 个），跳过 ${skipped} 个，失败 ${failed} 个；` +
    `共 ${size}，用时 ${seconds} 秒，实际发送 ${sent}`,
}

function some(count: number | undefined): string {
  return count === undefined ? '全部文件' : ` ${count} 个文件`
}

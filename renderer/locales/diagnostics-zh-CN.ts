/** What is said of crashes, and of what goes to support. */
export const diagnosticsZhCN = {
  package: {
    title: '诊断包',
    note: '把日志、版本和错误记录存为一个压缩文件，供排查问题使用。保存前会列出其中的内容。',
    export: '导出诊断包…',
    choose: '选择保存位置…',
    saved: '诊断包已保存',
    show: '打开所在文件夹',
  },
  crash: {
    ended: '上次程序意外退出。',
    endedWithSystem: '上次程序没有正常退出，可能是电脑断电或重新启动。',
    fault: '上次运行时，程序内部出过错。',
    safe: '磁盘上的文件没有受影响；没传完的文件仍在列表中，可从中断处继续。',
    setAside: '磁盘上的文件没有受影响。',
    dismiss: '知道了',
  },
}

import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { parseRules, problemIn, toggled } from '../ignore-rules.ts'
import { useSettings } from './settings.ts'

/** The ignore rules as they are being typed: what is not saved yet is still there when the person comes back to the page. */
export const useIgnoreRules = defineStore('ignore-rules', () => {
  const settings = useSettings()
  /** Undefined while nothing has been typed. */
  const draft = shallowRef<string>()
  const saved = computed(() => settings.settings.exclude.join('\n'))

  const text = computed({
    get: () => draft.value ?? saved.value,
    set: (typed: string) => (draft.value = typed),
  })
  const rules = computed(() => parseRules(text.value))
  const problem = computed(() => problemIn(rules.value))
  const unsaved = computed(() => rules.value.join('\n') !== saved.value)

  function toggle(rule: string): void {
    text.value = toggled(rules.value, rule).join('\n')
  }

  function revert(): void {
    draft.value = undefined
  }

  async function save(): Promise<void> {
    const typed = draft.value
    await settings.change({ exclude: [...rules.value] })
    // Unless somebody went on typing.
    if (draft.value === typed) revert()
  }

  return { text, rules, problem, unsaved, toggle, revert, save }
})

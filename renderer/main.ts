import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { followAppearance } from './appearance.ts'
import { refuseOtherDrops } from './file-drop.ts'
import { useSettings } from './stores/settings.ts'
import './theme.css'
import { i18n } from './words.ts'

const app = createApp(App).use(createPinia()).use(i18n)
const store = useSettings()
// Before the first paint, so that a dark system never sees a white page.
followAppearance(() => store.settings)
refuseOtherDrops()
app.mount('#app')

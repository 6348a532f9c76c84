import { testPages } from '#test/scenes/test-pages'

testPages('used')

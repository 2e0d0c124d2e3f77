/** `--plugin`, the same on every verb that can name what a plug-in brings. */

import { Option } from 'commander'
import { words } from './arguments.ts'

export const pluginOption = (): Option =>
  new Option(
    '--plugin <module>',
    'methods, data sets and experiments of your own, e.g. ./mine.mjs; repeatable',
  ).argParser(words)

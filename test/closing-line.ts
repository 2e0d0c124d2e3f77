/** A vitest reporter that ends with one line a log scraper can trust: `tests: 12 passed, 0 failed, 1 skipped`. */

import type { Reporter, TestModule } from 'vitest/node'

export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0, pending: 0 }
    for (const module of modules) {
      for (const test of module.children.allTests()) counts[test.result().state]++
      // A file that cannot be loaded runs no test, and is a failure.
      if (module.errors().length > 0) counts.failed++
    }
    console.log(`tests: ${counts.passed} passed, ${counts.failed + counts.pending} failed, ${counts.skipped} skipped`)
  }
}

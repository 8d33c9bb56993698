import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'

// what becomes WebAssembly, and formats, in a Chromium: see scripts/browser.mjs
export default defineConfig({
  resolve: { conditions: ['source', 'module', 'browser'] },
  optimizeDeps: { include: ['fast-check'] },
  test: {
    include: [
      'packages/autograd/test/{compile,execution/wasm}/**/*.test.ts',
      // bytes in, trees out: what misuses and files need is Node's
      'packages/formats/test/{safetensors,numpy,fuzz}.test.ts',
    ],
    exclude: ['**/*.node.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: {
          ...(process.env.CHROMIUM_PATH && { executablePath: process.env.CHROMIUM_PATH }),
          // root may not use Chromium's sandbox, and the /dev/shm of containers is small
          args: ['--no-sandbox', '--disable-dev-shm-usage'],
        },
      }),
      instances: [{ browser: 'chromium' }],
    },
  },
})

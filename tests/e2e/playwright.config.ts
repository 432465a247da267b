import { defineConfig } from '@playwright/test';

// Chromium is the system's; these flags draw on the CPU, without a display and without a word to any other host.
const flags =
  '--no-sandbox --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync ' +
  '--use-gl=angle --use-angle=gl-egl --ignore-gpu-blocklist';

export default defineConfig({
  testDir: './specs',
  outputDir: '../../build/e2e/results',
  globalSetup: './support/engine.ts',
  workers: 1,
  // Generous: the machine may be building something else. What is right is seen at once, and nothing waits for these.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  forbidOnly: true,
  retries: 0,
  reporter: [['list']],
  use: {
    actionTimeout: 30_000,
    viewport: { width: 1440, height: 900 },
    trace: 'retain-on-failure',
    launchOptions: { executablePath: process.env['ROBO_CHROMIUM'] ?? '/usr/bin/chromium', args: flags.split(' ') },
  },
  // The kill switch ends the trading day: it is pulled after everything else was seen.
  projects: [
    { name: 'watching', testIgnore: /kill\.spec/ },
    { name: 'killing', testMatch: /kill\.spec/, dependencies: ['watching'] },
  ],
});

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'client', root: './client', environment: 'node', include: ['src/**/*.test.ts'] } },
      {
        extends: './web/vite.config.ts',
        test: { name: 'web', root: './web', environment: 'node', include: ['src/**/*.test.{ts,tsx}'] },
      },
    ],
  },
});

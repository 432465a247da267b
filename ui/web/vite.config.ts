import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// During `npm run dev` the page is served by Vite and talks to a running engine.
const engine = process.env['ROBO_DESK_URL'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ },
            { name: 'charts', test: /node_modules[\\/](lightweight-charts|fancy-canvas)[\\/]/ },
            { name: 'uplot', test: /node_modules[\\/]uplot[\\/]/ },
            { name: 'dock', test: /node_modules[\\/]dockview/ },
            { name: 'vendor', test: /node_modules/ },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': { target: engine, ws: true }, '/ws': { target: engine, ws: true } } },
});

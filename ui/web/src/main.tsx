import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import { connection } from './live/desk';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/desk.css';
import './styles/panels.css';
import './styles/dialogs.css';
import { applyStoredLook } from './theme/theme';

applyStoredLook();
connection.subscribe({ channel: 'quotes' });
connection.start();
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) connection.retryNow();
});

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);

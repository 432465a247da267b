import type { ReactNode } from 'react';
import { CancelAllDialog } from '../dialogs/CancelAllDialog';
import { ClosePositionDialog } from '../dialogs/ClosePositionDialog';
import { HelpDialog } from '../dialogs/HelpDialog';
import { KillDialog } from '../dialogs/KillDialog';
import { LayoutsDialog } from '../dialogs/LayoutsDialog';
import { LimitDialog } from '../dialogs/LimitDialog';
import { ParametersDialog } from '../dialogs/ParametersDialog';
import { PaletteDialog } from '../dialogs/PaletteDialog';
import { PauseAllDialog } from '../dialogs/PauseAllDialog';
import { ResetDialog } from '../dialogs/ResetDialog';
import { WhyDialog } from '../dialogs/WhyDialog';
import { closeDialog, useDialog } from './dialogs';

/** At most one dialog; every one has its way out on the right and on Esc. */
export function DialogHost(): ReactNode {
  const dialog = useDialog((store) => store.dialog);
  if (dialog === null) return null;
  switch (dialog.kind) {
    case 'kill':
      return <KillDialog onClose={closeDialog} />;
    case 'cancel-all':
      return <CancelAllDialog onClose={closeDialog} />;
    case 'pause-all':
      return <PauseAllDialog onClose={closeDialog} />;
    case 'close':
      return <ClosePositionDialog instrument={dialog.instrument} onClose={closeDialog} />;
    case 'parameters':
      return <ParametersDialog strategy={dialog.strategy} onClose={closeDialog} />;
    case 'limit':
      return <LimitDialog name={dialog.name} subject={dialog.subject} onClose={closeDialog} />;
    case 'why':
      return <WhyDialog order={dialog.order} onClose={closeDialog} />;
    case 'reset':
      return <ResetDialog onClose={closeDialog} />;
    case 'help':
      return <HelpDialog onClose={closeDialog} />;
    case 'layouts':
      return <LayoutsDialog onClose={closeDialog} />;
    case 'palette':
      return <PaletteDialog onClose={closeDialog} />;
  }
}
